from comparison.experiments import box


def send_word_back():
    box.search("websocket", besides="setuptools")
