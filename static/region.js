// One element of the page, replaced by its version from a fetched page. Of several requests the newest wins.

export class Region {
  #latest = 0;

  constructor(id) {
    this.id = id;
  }

  get element() {
    return document.getElementById(this.id);
  }

  // Resolves also where the site does not answer: then `page` is null, and where the page lacks the element, `fresh` is.
  async load(url, options = {}) {
    this.#latest += 1;
    const request = this.#latest;
    this.element?.setAttribute("aria-busy", "true");
    const loaded = await fetchPage(url, options);
    const isNewest = request === this.#latest;
    if (isNewest) this.element?.removeAttribute("aria-busy");
    return { ...loaded, fresh: loaded.page?.getElementById(this.id) ?? null, isNewest };
  }

  // Whatever is still on its way is no longer the newest.
  outdate() {
    this.#latest += 1;
    this.element?.removeAttribute("aria-busy");
  }

  replace(fresh) {
    this.element?.replaceWith(fresh);
  }
}

// The foot speaks of the page's address: it cites it and leads to the same in other languages.
export function replaceFoot(page) {
  document.querySelector("footer.foot")?.replaceWith(page.querySelector("footer.foot"));
}

async function fetchPage(url, options) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, ...options });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { page, ok: response.ok, url: response.url };
  } catch {
    return { page: null, ok: false, url };
  }
}
