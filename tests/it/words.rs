//! What the engine names by itself, screens say in people's words, in every language.

use std::collections::BTreeSet;

use comanda_engine::commands;
use comanda_engine::staff::model::Permission;
use serde_json::Value;

const LANGUAGES: &[&str] = &["en", "es"];

fn texts(language: &str, feature: &str) -> Value {
    let file = format!("{}/../ui/src/locales/{language}/{feature}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"))).unwrap()
}

#[test]
fn every_command_has_words_on_the_audit_page() {
    let names: BTreeSet<_> = commands::RESTAURANT.iter().map(|spec| spec.name.to_owned()).collect();
    for language in LANGUAGES {
        let texts = texts(language, "audit");
        let words: BTreeSet<_> = texts["action"].as_object().unwrap().keys().cloned().collect();
        let missing: Vec<_> = names.difference(&words).collect();
        assert!(missing.is_empty(), "ui/src/locales/{language}/audit.json says nothing under action for {missing:?}");
        let idle: Vec<_> = words.difference(&names).collect();
        assert!(idle.is_empty(), "ui/src/locales/{language}/audit.json has words for no command: {idle:?}");
    }
}

#[test]
fn every_permission_has_words_on_the_roles_page() {
    for language in LANGUAGES {
        let texts = texts(language, "staff");
        for permission in Permission::ALL {
            let pointer = format!("/permission/{}", permission.as_str().replace('.', "/"));
            let word = texts.pointer(&pointer).and_then(Value::as_str);
            assert!(word.is_some(), "ui/src/locales/{language}/staff.json says nothing for {}", permission.as_str());
        }
    }
}
