//! The habits a program can hold: arrows, rooms, words, lengths. Each rule names its reason.

use std::fs;
use std::path::{Path, PathBuf};

/// A file this long has more than one subject. Exceptions are listed with their reason.
const LINES_MAX: usize = 400;
const LONG_FILES: &[(&str, &str)] = &[];

/// The packages whose rules are the strictest: the kit and the engine.
const CRATES: &str = "src-tauri/crates";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every source file under `folder` with the ending, as (path from the root, text).
fn sources(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "node_modules" | "dist" | "target" | "gen" | "shots") {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push((shown, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "nothing ends with {ending} in {folder}: the rule looks at nothing");
    found.sort();
    found
}

/// The part of a Rust file before its unit tests, without comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn assert_none(rule: &str, offenders: &[String]) {
    assert!(offenders.is_empty(), "{rule}\n  {}", offenders.join("\n  "));
}

#[test]
fn dependencies_point_one_way() {
    let names = |path: &str| {
        let text = fs::read_to_string(root().join(path)).unwrap();
        let ours = ["comanda-db", "comanda-sync", "comanda-load", "comanda-engine", "tauri"];
        ours.into_iter().filter(|name| text.lines().any(|l| l.starts_with(name))).collect::<Vec<_>>()
    };
    assert_eq!(names("src-tauri/crates/db/Cargo.toml"), [""; 0]);
    assert_eq!(names("src-tauri/crates/load/Cargo.toml"), [""; 0]);
    assert_eq!(names("src-tauri/crates/engine/Cargo.toml"), ["comanda-db", "comanda-load"]);
    assert_eq!(names("src-tauri/Cargo.toml"), ["comanda-engine", "tauri"]);
}

#[test]
fn the_window_may_ask_for_what_its_page_uses_and_nothing_else() {
    let capability = fs::read_to_string(root().join("src-tauri/capabilities/main.json")).unwrap();
    let capability: serde_json::Value = serde_json::from_str(&capability).unwrap();
    let desktop = fs::read_to_string(root().join("ui/src/desktop.ts")).unwrap();
    let calls = desktop.lines().filter_map(|line| line.split_once("invoke")?.1.split_once("(\"")?.1.split('"').next());
    let mut used: Vec<_> = calls.map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
    let mut allowed: Vec<_> =
        capability["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect();
    used.sort();
    allowed.sort();
    assert_eq!(allowed, used, "capabilities/main.json and the calls in ui/src/desktop.ts");
    // One more is a decision (0025), not an addition: plugins are spoken to by the shell, never by the page.
    let decided = [
        "allow-choose-place",
        "allow-engine",
        "allow-hear",
        "allow-install-update",
        "allow-look-for-update",
        "allow-open-contract",
        "allow-start-at-login",
    ];
    assert_eq!(allowed, decided, "what the page may ask of the shell");
    let others = fs::read_dir(root().join("src-tauri/capabilities")).unwrap().count();
    assert_eq!(others, 1, "files in src-tauri/capabilities");
}

#[test]
fn the_kit_knows_no_restaurant_and_no_network() {
    let words = ["order", "menu", "till", "staff", "axum", "reqwest", "SystemTime", "Instant::now", "chrono"];
    let mut offenders = Vec::new();
    for (path, text) in sources("src-tauri/crates/db/src", ".rs") {
        for line in code(&text).lines() {
            for word in words {
                let whole =
                    |l: &str| l.split(|c: char| !c.is_alphanumeric() && c != ':').any(|w| w.eq_ignore_ascii_case(word));
                if whole(line) && !line.contains("ORDER BY") {
                    offenders.push(format!("{path}: {}", line.trim()));
                }
            }
        }
    }
    assert_none("db is a kit: it names nothing of the trade, no network, no clock", &offenders);
}

#[test]
fn the_load_generator_knows_no_restaurant() {
    let words = ["order", "orders", "menu", "till", "staff", "waiter", "restaurant", "axum", "rusqlite", "SystemTime"];
    let mut offenders = Vec::new();
    for (path, text) in sources("src-tauri/crates/load/src", ".rs") {
        for line in code(&text).lines() {
            let mut parts = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word))) {
                offenders.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert_none(
        "load asks whatever a plan says: it names nothing of the trade, no web server, no database",
        &offenders,
    );
}

#[test]
fn sql_stands_only_in_stores() {
    let mut offenders = Vec::new();
    for (path, text) in sources("src-tauri/crates/engine/src", ".rs") {
        let in_store = path.ends_with("/store.rs") || path.contains("/store/");
        let code = code(&text);
        let sql = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"WITH ", "execute_batch"];
        if !in_store && sql.iter().any(|word| code.contains(word)) {
            offenders.push(path);
        }
    }
    assert_none("SQL belongs into a slice's store", &offenders);
}

#[test]
fn models_are_pure() {
    let mut offenders = Vec::new();
    for (path, text) in sources("src-tauri/crates/engine/src", ".rs") {
        let pure = path.ends_with("/model.rs") || path.contains("/model/") || path.contains("kernel/money");
        let code = code(&text);
        let impure = ["axum", "rusqlite", "tokio", "now_ms(", "SystemTime", "Utc::now", "now_v7"];
        if let (true, Some(word)) = (pure, impure.iter().find(|word| code.contains(**word))) {
            offenders.push(format!("{path}: {word}"));
        }
    }
    assert_none("a model knows no web, no database, no clock", &offenders);
}

#[test]
fn the_clock_is_read_in_one_place() {
    let mut offenders = Vec::new();
    for (path, text) in sources("src-tauri/crates/engine/src", ".rs") {
        let code = code(&text);
        if path != "src-tauri/crates/engine/src/kernel/time.rs"
            && ["SystemTime::now", "Utc::now", "Local::now"].iter().any(|word| code.contains(word))
        {
            offenders.push(path);
        }
    }
    assert_none("time is passed in; kernel/time.rs reads the clock", &offenders);
}

#[test]
fn only_the_error_file_names_status_codes() {
    let mut offenders = Vec::new();
    for (path, text) in sources("src-tauri/crates/engine/src", ".rs") {
        let allowed = path.ends_with("/error.rs") || path.contains("/front/");
        for line in code(&text).lines() {
            // Success codes are the route's business; failures are not.
            let failing = [
                "BAD_REQUEST",
                "NOT_FOUND",
                "CONFLICT",
                "UNPROCESSABLE",
                "INTERNAL_SERVER",
                "FORBIDDEN",
                "UNAUTHORIZED",
            ];
            if !allowed && line.contains("StatusCode::") && failing.iter().any(|word| line.contains(word)) {
                offenders.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert_none("a failure's status code is error.rs's", &offenders);
}

#[test]
fn commands_never_replace_and_schemas_never_cascade() {
    let mut offenders = Vec::new();
    for ending in [".rs", ".sql"] {
        for (path, text) in sources("src-tauri/crates", ending) {
            let code = code(&text).to_uppercase();
            let words =
                ["INSERT OR REPLACE", "REPLACE INTO", "ON UPDATE CASCADE", "ON DELETE CASCADE", "DEFERRABLE INITIALLY"];
            for word in words {
                if code.contains(word) && !path.contains("/tests/") {
                    offenders.push(format!("{path}: {word}"));
                }
            }
        }
    }
    assert_none("the capture must see every row change by itself", &offenders);
}

#[test]
fn nothing_outside_tests_and_main_panics_on_purpose() {
    let mut offenders = Vec::new();
    for (path, text) in sources(CRATES, ".rs") {
        if path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/main.rs") {
            continue;
        }
        for line in code(&text).lines() {
            if [".unwrap()", ".expect(", "todo!(", "unimplemented!(", "#[allow("].iter().any(|word| line.contains(word))
            {
                offenders.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert_none("errors are returned; #[expect(.., reason)] instead of #[allow]", &offenders);
}

#[test]
fn files_have_one_subject() {
    let mut offenders = Vec::new();
    for (folder, ending) in
        [(CRATES, ".rs"), ("src-tauri/src", ".rs"), ("tests/it", ".rs"), ("ui/src", ".ts"), ("ui/src", ".tsx")]
    {
        for (path, text) in sources(folder, ending) {
            let lines = text.lines().count();
            let generated = path.ends_with("schema.d.ts");
            if lines > LINES_MAX && !generated && !LONG_FILES.iter().any(|(long, _)| *long == path) {
                offenders.push(format!("{path}: {lines} lines"));
            }
        }
    }
    assert_none("a file over the limit is cut, or listed with its reason", &offenders);
    for (path, reason) in LONG_FILES {
        assert!(root().join(path).exists() && !reason.is_empty(), "{path} is listed for nothing");
    }
}

#[test]
fn one_file_of_the_page_talks_to_the_window() {
    let mut offenders = Vec::new();
    for ending in [".ts", ".tsx"] {
        for (path, text) in sources("ui/src", ending) {
            if text.contains("@tauri-apps") && path != "ui/src/desktop.ts" {
                offenders.push(path);
            }
        }
    }
    assert_none("ui/src/desktop.ts is the only door to the window", &offenders);
}

#[test]
fn every_feature_with_routes_has_its_tests() {
    let mut offenders = Vec::new();
    for (path, _) in sources("src-tauri/crates/engine/src", "routes.rs") {
        let Some(feature) =
            path.strip_prefix("src-tauri/crates/engine/src/").and_then(|p| p.strip_suffix("/routes.rs"))
        else {
            continue;
        };
        if !root().join(format!("tests/it/{feature}.rs")).exists()
            && !root().join(format!("tests/it/{feature}")).exists()
        {
            offenders.push(feature.to_owned());
        }
    }
    assert_none("tests/it mirrors the features", &offenders);
}

#[test]
fn the_top_level_is_what_the_customer_fixed() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "Makefile",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "rust-toolchain.toml",
        "src-tauri",
        "ui",
        "tests",
        "icons",
        "target",
    ];
    let extra: Vec<String> = fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && !allowed.contains(&name.as_str()))
        .collect();
    assert_none("nothing is added at the top", &extra);
}

#[test]
fn the_security_list_names_tests_that_exist() {
    let list = fs::read_to_string(root().join("src-tauri/docs/security.md")).unwrap();
    let named: Vec<&str> = list.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect();
    assert!(named.len() > 20, "{named:?}");
    let is_gone = |name: &&&str| {
        let (file, test) = name.split_once("::").unwrap();
        let text = fs::read_to_string(root().join(format!("tests/it/{file}.rs"))).unwrap_or_default();
        !text.contains(&format!("fn {test}"))
    };
    let gone: Vec<String> = named.iter().filter(is_gone).map(|name| (*name).to_owned()).collect();
    assert_none("a risk without its test is a promise", &gone);
}
