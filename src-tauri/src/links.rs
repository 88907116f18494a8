//! `comanda://` links: from a mail, another program or a second start to a page of the window.
//!
//! Invariant: a link names a page and nothing more. Its query and its fragment are dropped, so no link can fill in a
//! form, carry a code or run anything; what is not plainly a page of ours opens the start page.

use tauri::{AppHandle, Manager, Url};
use tauri_plugin_deep_link::DeepLinkExt;

use crate::page;

const SCHEME: &str = "comanda";
const START: &str = "/";
/// Longer ones lead nowhere.
const PARTS_MAX: usize = 4;
const PART_CHARS_MAX: usize = 64;

/// Follows the link this program was started with, and every later one.
pub fn follow(app: &AppHandle) {
    let links = app.deep_link();
    if let Ok(Some(urls)) = links.get_current() {
        open(app, &urls);
    }
    let handle = app.clone();
    links.on_open_url(move |event| open(&handle, &event.urls()));
}

fn open(app: &AppHandle, urls: &[Url]) {
    if let Some(url) = urls.last() {
        app.state::<page::Page>().open(page_of(url));
    }
}

/// The path of the page a link names.
fn page_of(link: &Url) -> String {
    let is_plain = link.scheme() == SCHEME && link.username().is_empty() && link.password().is_none();
    let Some(host) = link.host_str().filter(|_| is_plain && link.port().is_none()) else { return START.into() };
    let parts: Vec<&str> =
        std::iter::once(host).chain(link.path().split('/')).filter(|part| !part.is_empty()).collect();
    let is_word = |part: &&str| {
        part.len() <= PART_CHARS_MAX && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    if parts.len() > PARTS_MAX || !parts.iter().all(is_word) {
        return START.into();
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(link: &str, page: &str) {
        assert_eq!(page_of(&link.parse().unwrap()), page, "{link}");
    }

    #[test]
    fn a_link_names_a_page() {
        check("comanda://backups", "/backups");
        check("comanda://backups/", "/backups");
        check("comanda://orders/0198c0de-0000-7000-8000-000000000001", "/orders/0198c0de-0000-7000-8000-000000000001");
        check("comanda://engine/health", "/engine/health");
        // Dots are resolved by the URL itself and never lead out of it.
        check("comanda://orders/%2e%2e/%2e%2e/etc", "/orders/etc");
    }

    #[test]
    fn what_a_link_brings_besides_is_dropped() {
        check("comanda://orders?new=1", "/orders");
        check("comanda://first-run#code=abc", "/first-run");
    }

    #[test]
    fn what_is_no_page_of_ours_opens_the_start_page() {
        for link in [
            "https://orders.example/orders",
            "comanda:orders",
            "comanda://",
            "comanda:///",
            "comanda://somebody@orders",
            "comanda://orders:80/",
            "comanda://orders/a b",
            "comanda://orders/<script>",
            "comanda://a/b/c/d/e",
            "javascript:alert(1)",
        ] {
            check(link, START);
        }
        check(&format!("comanda://{}", "a".repeat(65)), START);
    }
}
