from books.views import BookCreate, BookList
from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

urlpatterns = [
    path("", BookList.as_view(), name="book-list"),
    path("new", BookCreate.as_view(), name="book-create"),
    path("login", LoginView.as_view(), name="login"),
    path("logout", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
]
