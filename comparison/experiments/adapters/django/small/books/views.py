from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView, ListView

from .models import Book


class BookList(ListView):
    model = Book


class BookCreate(LoginRequiredMixin, CreateView):
    model = Book
    fields = ["title", "year"]
    success_url = reverse_lazy("book-list")
