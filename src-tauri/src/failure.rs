//! The page shown when the engine could not start: what happened, why, what to
//! do. It is served from memory and needs neither the engine nor the UI bundle.

use tauri::http::{Request, Response, header};
use tauri::{AppHandle, Manager, Runtime, UriSchemeContext, WebviewUrl};

pub const SCHEME: &str = "failure";

/// The sentence the page shows.
struct Reason(String);

/// Keeps the reason and says where the page about it is.
///
/// # Errors
/// Never in practice: the address is a constant.
pub fn page(app: &AppHandle, reason: &str) -> tauri::Result<WebviewUrl> {
    app.manage(Reason(reason.to_owned()));
    // Windows and Android show a custom scheme as http://SCHEME.localhost.
    let address = if cfg!(windows) { "http://failure.localhost/" } else { "failure://localhost/" };
    let address = address.parse().map_err(tauri::Error::InvalidUrl)?;
    Ok(WebviewUrl::CustomProtocol(address))
}

/// Answers any request of the scheme with the page.
pub fn answer<R: Runtime>(context: UriSchemeContext<'_, R>, _request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let reason = context.app_handle().try_state::<Reason>();
    let body = render(reason.as_ref().map_or("", |reason| reason.0.as_str()));
    let mut response = Response::new(body.into_bytes());
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

fn render(reason: &str) -> String {
    include_str!("failure.html").replace("{{reason}}", &escape(reason))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_shown_as_text_and_never_as_markup() {
        let page = render("cannot open \"<data> & more\"");
        assert!(page.contains("cannot open &quot;&lt;data&gt; &amp; more&quot;"));
        assert!(!page.contains("{{reason}}"));
    }
}
