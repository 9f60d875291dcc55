"""Collects the strings that are marked, and compiles their translations: `make messages`."""

from tests.languages.catalogues import (
    COMPLETE,
    PARTIAL,
    as_text,
    catalogue_path,
    compiled,
    marked_strings,
    problems,
    updated,
)


def main() -> None:
    marked = marked_strings()
    for language in (*COMPLETE, *PARTIAL):
        catalogue = updated(language, marked)
        for ending, content in (("po", as_text(catalogue)), ("mo", compiled(catalogue))):
            path = catalogue_path(language, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        missing = sum(bool(message.id and problems(message)) for message in catalogue)
        print(f"{language}: {len(catalogue)} strings, {missing} of them not translated")


if __name__ == "__main__":
    main()
