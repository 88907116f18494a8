//! Sheets: pages of the shell's own, for when the program could not start, or a new version is not well. They are
//! served from memory and need neither the engine nor the UI bundle; what they offer are links, each with a word that
//! only the sheet itself knows.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use comanda_engine::health::model::PartName;
use comanda_engine::kernel::ids;
use comanda_engine::way_back::{self, Newer, Report, Since};
use tauri::http::{Request, Response, header};
use tauri::{AppHandle, Manager, UriSchemeContext, WebviewUrl, WebviewWindowBuilder, Wry};

use crate::trial::{self, Trial};
use crate::updates::Trouble;
use crate::words::{language, with, word};
use crate::{engine, kept};

pub const SCHEME: &str = "failure";
/// The window of a sheet beside the main one.
const LABEL: &str = "sheet";
/// Orders that are named on a sheet; all are in the report beside what is set aside.
const ORDERS_MAX: usize = 24;

/// What a sheet is about.
#[derive(Debug)]
pub enum Sheet {
    /// The program could not start.
    Start { why: String, trial: Option<Trial> },
    /// A newer version changed the data.
    Newer(Vec<Newer>),
    /// A new version ended out of order twice.
    Unwell(Trial),
    /// A new version's minute is over.
    Red { trial: Trial, down: Vec<PartName>, page: bool },
    /// Being done.
    Going(Trial),
    /// The former version could not be installed.
    NotBack { trial: Trial, trouble: Trouble, package: Option<PathBuf> },
    /// The data was put back.
    Back(Report),
}

/// The sheet that is shown.
#[derive(Default)]
pub struct Shown(Mutex<Option<Held>>);

struct Held {
    sheet: Sheet,
    /// Stands in every link of it.
    token: String,
    view: View,
}

/// As it is drawn.
#[derive(Default)]
struct View {
    title: String,
    lead: String,
    quote: Option<String>,
    caption: Option<String>,
    points: Vec<String>,
    after: Vec<String>,
    actions: Vec<(String, &'static str)>,
    is_going: bool,
}

fn hold(app: &AppHandle, sheet: Sheet) {
    let view = view(app, &sheet);
    let held = Held { sheet, token: ids::mint().simple().to_string(), view };
    app.state::<Shown>().0.lock().unwrap_or_else(PoisonError::into_inner).replace(held);
}

/// Keeps a sheet and says where it is.
///
/// # Errors
/// Never in practice: the address is a constant.
pub fn page(app: &AppHandle, sheet: Sheet) -> tauri::Result<WebviewUrl> {
    hold(app, sheet);
    // Windows and Android show a custom scheme as http://SCHEME.localhost.
    let address = if cfg!(windows) { "http://failure.localhost/" } else { "failure://localhost/" };
    Ok(WebviewUrl::CustomProtocol(address.parse().map_err(tauri::Error::InvalidUrl)?))
}

/// Takes the place of the sheet that is shown; its window asks for it.
pub fn show(app: &AppHandle, sheet: Sheet) {
    hold(app, sheet);
}

/// Opens a window beside the main one.
pub fn open(app: &AppHandle, sheet: Sheet) {
    let opened = page(app, sheet).and_then(|page| {
        let window = WebviewWindowBuilder::new(app, LABEL, page).title("Comanda").inner_size(600.0, 640.0);
        window.min_inner_size(390.0, 480.0).center().focused(true).build()
    });
    if let Err(error) = opened {
        tracing::error!(%error, "a sheet could not be opened");
    }
}

/// Closes the window beside the main one.
pub fn close(app: &AppHandle) {
    if let Some(Err(error)) = app.get_webview_window(LABEL).map(|window| window.close()) {
        tracing::warn!(%error, "a sheet could not be closed");
    }
}

/// Answers any request of the scheme: with the sheet, after what its link asked for.
pub fn answer(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>) -> Response<Vec<u8>> {
    let app = context.app_handle();
    let mut words = request.uri().path().trim_start_matches('/').split('/');
    if let (Some(action), Some(token)) = (words.next(), words.next()) {
        follow(app, action, token);
    }
    let body = {
        let shown = app.state::<Shown>();
        let held = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|held| render(&held.view, &held.token))
    };
    let mut response = Response::new(body.unwrap_or_default().into_bytes());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    response
}

/// Does what a link of the sheet says. A link of another sheet, or one that was followed before, does nothing.
fn follow(app: &AppHandle, action: &str, token: &str) {
    let taken = {
        let shown = app.state::<Shown>();
        let mut held = shown.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_its = held.as_ref().is_some_and(|held| held.token == token && offers(&held.view, action));
        if is_its { held.take() } else { None }
    };
    let Some(held) = taken else { return };
    match (action, held.sheet) {
        (
            "go-back",
            Sheet::Start { trial: Some(trial), .. }
            | Sheet::Unwell(trial)
            | Sheet::Red { trial, .. }
            | Sheet::NotBack { trial, .. },
        ) => {
            show(app, Sheet::Going(trial.clone()));
            trial::go_back(app, trial);
        }
        ("put-back", Sheet::Newer(_)) => trial::put_back(app),
        ("again", Sheet::Unwell(trial)) => trial::try_again(app, trial),
        ("stay", Sheet::Red { .. }) => {
            trial::end(app);
            close(app);
        }
        ("seen", Sheet::Back(_)) => {
            let seen = engine::data_dir(app).map_err(std::io::Error::other).and_then(|path| way_back::seen(&path));
            if let Err(error) = seen {
                tracing::warn!(%error, "a report stays, and is shown again at the next start");
            }
            close(app);
        }
        _ => {}
    }
}

fn offers(view: &View, action: &str) -> bool {
    view.actions.iter().any(|(_, offered)| *offered == action)
}

fn view(app: &AppHandle, sheet: &Sheet) -> View {
    let versions = |key: &str, trial: &Trial| with(key, &[("from", &trial.from), ("to", &trial.to)]);
    match sheet {
        Sheet::Start { why, trial } => {
            let mut view = View { title: word("start.title"), quote: Some(why.clone()), ..View::default() };
            match trial {
                Some(trial) => {
                    view.lead = versions("start.onTrial", trial);
                    offer(app, &mut view, trial);
                }
                None => {
                    view.lead = word("start.lead");
                    view.points = ["other", "disk", "damaged"].map(|key| word(&format!("start.{key}"))).into();
                }
            }
            view
        }
        Sheet::Unwell(trial) => {
            let (title, lead) = (versions("wayBack.unwell", trial), word("wayBack.unwellWhy"));
            let mut view = View { title, lead, ..View::default() };
            offer(app, &mut view, trial);
            view.actions.push((versions("wayBack.again", trial), "again"));
            view
        }
        Sheet::Red { trial, down, page } => {
            let mut parts: Vec<String> =
                down.iter().map(|part| word(&format!("wayBack.part.{}", part.as_str()))).collect();
            parts.extend((!page).then(|| word("wayBack.part.page")));
            let (title, lead) = (versions("wayBack.red", trial), word("wayBack.redWhy"));
            let mut view = View { title, lead, quote: Some(parts.join("\n")), ..View::default() };
            offer(app, &mut view, trial);
            view.actions.push((versions("wayBack.stay", trial), "stay"));
            view
        }
        Sheet::Newer(newer) => {
            let own = app.package_info().version.to_string();
            let lead = with("wayBack.newerWhy", &[("own", &own)]);
            let mut view = View { title: word("wayBack.newer"), lead, ..View::default() };
            tell_since(&mut view, newer);
            view.actions.push((word("wayBack.putBack"), "put-back"));
            view
        }
        Sheet::Going(trial) => View {
            title: versions("wayBack.going", trial),
            lead: word("wayBack.goingWhy"),
            is_going: true,
            ..View::default()
        },
        Sheet::NotBack { trial, trouble, package } => {
            let why = match trouble {
                Trouble::NotAllowed => "notAllowed",
                Trouble::NobodyAsks => "nobodyAsks",
                Trouble::NotLooked => "notKept",
                Trouble::NotTrusted => "notTrusted",
                _ => "notInstalled",
            };
            let by_hand = match package {
                Some(path) => with("wayBack.byHand", &[("path", &path.display().to_string())]),
                None => versions("wayBack.bring", trial),
            };
            View {
                title: versions("wayBack.notBack", trial),
                lead: word(&format!("wayBack.{why}")),
                points: vec![by_hand, word("wayBack.thenOffers")],
                actions: vec![(versions("wayBack.go", trial), "go-back")],
                ..View::default()
            }
        }
        Sheet::Back(report) => {
            let own = app.package_info().version.to_string();
            let mut view = View { title: with("wayBack.back", &[("own", &own)]), ..View::default() };
            view.lead = word("wayBack.backWhy");
            if report.logs_everybody_out() {
                view.after.push(word("wayBack.logIn"));
            }
            for put in &report.put_back {
                name_since(&mut view, put.since.as_ref(), put.name.is_some());
                let path = put.safety.display().to_string();
                view.after.extend(put.name.is_some().then(|| with("wayBack.setAside", &[("path", &path)])));
            }
            for name in &report.linked {
                view.after.push(with("wayBack.linked", &[("name", name)]));
            }
            view.actions.push((word("wayBack.understood"), "seen"));
            view
        }
    }
}

/// What going back costs, and the way.
fn offer(app: &AppHandle, view: &mut View, trial: &Trial) {
    let data_dir = engine::data_dir(app).unwrap_or_default();
    let newer = way_back::look_as(&data_dir, trial.known).unwrap_or_default();
    let versions = [("from", trial.from.as_str()), ("to", trial.to.as_str())];
    if newer.is_empty() {
        view.after.push(with("wayBack.dataStays", &versions));
    } else {
        view.after.push(with("wayBack.dataBack", &versions));
        tell_since(view, &newer);
    }
    let is_kept = kept::package(app, &trial.from).is_some();
    view.after.push(with(if is_kept { "wayBack.offer" } else { "wayBack.bring" }, &versions));
    if is_kept {
        view.actions.push((with("wayBack.go", &versions), "go-back"));
    }
}

fn tell_since(view: &mut View, newer: &[Newer]) {
    for one in newer {
        if one.is_linked {
            let name = one.name.clone().unwrap_or_else(|| one.unit.name());
            view.after.push(with("wayBack.linked", &[("name", &name)]));
        } else if one.copy.is_none() {
            view.after.push(with("wayBack.noCopy", &[("path", &one.path.display().to_string())]));
        } else {
            name_since(view, one.since.as_ref(), one.name.is_some());
        }
    }
}

/// Only restaurants have orders.
fn name_since(view: &mut View, since: Option<&Since>, is_restaurant: bool) {
    let Some(since) = since else {
        view.after.push(word("wayBack.unreadable"));
        return;
    };
    if !is_restaurant {
        return;
    }
    if since.orders.is_empty() {
        view.after.push(word("wayBack.noOrders"));
        return;
    }
    view.caption = Some(word("wayBack.orders"));
    let named = since.orders.iter().take(ORDERS_MAX);
    view.points.extend(named.map(|order| format!("{} ({})", order.number, order.business_date)));
    let more = since.orders_more + since.orders.len().saturating_sub(ORDERS_MAX) as u64;
    view.points.extend((more > 0).then(|| with("wayBack.more", &[("count", &more.to_string())])));
}

fn render(view: &View, token: &str) -> String {
    let mut body = String::new();
    let mut put = |tag: &str, text: &str| body.push_str(&format!("<{tag}>{}</{tag}>\n", escape(text)));
    put("p", &view.lead);
    if let Some(quote) = &view.quote {
        put("pre", quote);
    }
    if let Some(caption) = &view.caption {
        put("p", caption);
    }
    if !view.points.is_empty() {
        let points: String = view.points.iter().map(|point| format!("<li>{}</li>", escape(point))).collect();
        // A long list keeps what can be done in sight.
        let of_orders = if view.caption.is_some() { " class=\"orders\" tabindex=\"0\"" } else { "" };
        body.push_str(&format!("<ul{of_orders}>{points}</ul>\n"));
    }
    for text in &view.after {
        body.push_str(&format!("<p>{}</p>\n", escape(text)));
    }
    if !view.actions.is_empty() {
        let first = |at| if at == 0 { " class=\"first\"" } else { "" };
        let links = view.actions.iter().enumerate();
        let links: String = links
            .map(|(at, (label, action))| format!("<a{} href=\"/{action}/{token}\">{}</a>", first(at), escape(label)))
            .collect();
        body.push_str(&format!("<nav>{links}</nav>\n"));
    }
    let refresh = if view.is_going { "<meta http-equiv=\"refresh\" content=\"1;url=/\">" } else { "" };
    include_str!("sheet.html")
        .replace("{{language}}", language())
        .replace("{{refresh}}", refresh)
        .replace("{{title}}", &escape(&view.title))
        .replace("{{body}}", &body)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_shown_as_text_and_never_as_markup() {
        let told = "cannot open \"<data> & more\"".to_owned();
        let view = View {
            lead: told.clone(),
            quote: Some(told.clone()),
            points: vec![told.clone()],
            after: vec![told],
            actions: vec![("<b>".to_owned(), "go-back")],
            ..View::default()
        };
        let page = render(&view, "word");
        assert_eq!(page.matches("cannot open &quot;&lt;data&gt; &amp; more&quot;").count(), 4, "{page}");
        assert!(page.contains("href=\"/go-back/word\">&lt;b&gt;</a>"), "{page}");
        assert!(!page.contains("{{"), "{page}");
    }
}
