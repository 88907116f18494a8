//! Plans written for other tools are read by those tools' own languages.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use comanda_load::{Plan, export, plan};

/// Every plan that comes with the program.
fn plans() -> Vec<(String, Plan)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/workloads");
    let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let plans: Vec<_> = files
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let plan = plan::read(&text).unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()));
            (path.display().to_string(), plan)
        })
        .collect();
    assert!(plans.len() >= 10, "{}", plans.len());
    plans
}

/// Whether the program takes the text; None: this machine does not have it.
fn takes(program: &str, args: &[&str], text: &str) -> Option<Result<(), String>> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Some(if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into()) })
}

#[test]
fn a_script_for_k6_is_a_module_of_javascript() {
    for (path, plan) in plans() {
        let text = export::k6(&plan);
        assert!(text.contains("__ENV.token"), "{path}");
        if let Some(taken) = takes("node", &["--input-type=module", "--check"], &text) {
            assert_eq!(taken, Ok(()), "{path}\n{text}");
        }
    }
}

#[test]
fn a_file_for_locust_is_python() {
    for (path, plan) in plans() {
        let text = export::locust(&plan);
        let read = "import ast, sys; ast.parse(sys.stdin.read())";
        if let Some(taken) = takes("python3", &["-c", read], &text) {
            assert_eq!(taken, Ok(()), "{path}\n{text}");
        }
    }
}

#[test]
fn a_script_for_artillery_is_json_after_its_comment() {
    for (path, plan) in plans() {
        let text = export::artillery(&plan);
        let (comment, script) = text.split_at(text.find('{').unwrap());
        assert!(comment.lines().all(|line| line.starts_with("# ")), "{path}");
        let script: serde_json::Value = serde_json::from_str(script).unwrap();
        // What is templated there before anything runs knows the environment and nothing else.
        assert!(!script["config"]["http"].to_string().contains("{{"), "{path}");
        assert_eq!(script["scenarios"].as_array().unwrap().len(), plan.scenarios.len(), "{path}");
        assert_eq!(script["config"]["target"], plan.target.as_str(), "{path}");
    }
}

#[test]
fn a_plan_for_jmeter_closes_every_element_it_opens() {
    for (path, plan) in plans() {
        let text = export::jmeter(&plan);
        let mut open = Vec::new();
        for tag in text.split('<').skip(1) {
            let (tag, _) = tag.split_once('>').unwrap();
            let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
            if tag.starts_with('?') || tag.ends_with('/') {
                continue;
            }
            match name.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed), "{path}"),
                None => open.push(name.to_owned()),
            }
        }
        assert_eq!(open, [""; 0], "{path}");
        let groups = text.split("ThreadGroup guiclass=").nth(2).unwrap();
        assert!(!groups.contains("${restaurant}"), "what setup finds is a property elsewhere: {path}");
    }
}
