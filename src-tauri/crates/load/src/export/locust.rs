//! For Locust: a file with the scenarios as tasks and the phases as a shape.

use std::fmt::Write;

use serde_json::Value;

use super::{as_json, left_out, one_line, pause, stretches};
use crate::plan::{Plan, Step};
use crate::template::{Piece, Template};

const HELPERS: &str = r#"

def at(value, pointer):
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def found(value, pointer):
    try:
        return at(value, pointer)
    except (KeyError, IndexError, TypeError):
        return None


def rows(value, pointer):
    before, star, after = pointer.partition("/*")
    if not star:
        return [at(value, pointer)]
    return [row for item in at(value, before) for row in rows(item, after)]

"#;

pub fn locust(plan: &Plan) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "# {}: written from a plan.\n# Locust is closed: each user asks at most once a second, so that so many users ask at about that rate; a target\n\
         # that stands still is asked less. Secrets come from the environment.\n{}\
         import json\nimport os\nimport random\nimport time\nimport urllib.parse\nimport uuid\n\n\
         from gevent.lock import Semaphore\nfrom locust import HttpUser, LoadTestShape, constant, constant_throughput, task\n{HELPERS}\nVALUES = {{}}\nv = VALUES\n",
        one_line(&plan.name),
        left_out(plan).map(|text| format!("# {text}\n")).unwrap_or_default()
    );
    for name in &plan.secrets {
        let _ = writeln!(out, "VALUES[{0}] = os.environ.get({0}, \"\")", as_json(name));
    }
    for name in crate::plan::resolved(&plan.variables, &plan.secrets).unwrap_or_default() {
        let _ = writeln!(out, "v[{}] = {}", as_json(&name), expression(&plan.variables[&name], false));
    }
    out.push_str("FEEDS = {}\n");
    for (name, feed) in &plan.feeds {
        let rows = serde_json::to_value(&feed.rows).unwrap_or_default();
        let _ = writeln!(out, "FEEDS[{}] = json.loads({})", as_json(name), as_json(&rows.to_string()));
    }
    let stretches: Vec<String> =
        stretches(plan).iter().map(|(for_s, from, to)| format!("({for_s}, {from}, {to})")).collect();
    let _ = write!(
        out,
        "STRETCHES = [{}]\nREADY = {{\"done\": False}}\nPREPARING = Semaphore()\n\n\nclass Visitor(HttpUser):\n    host = os.environ.get(\"TARGET\", {})\n    wait_time = {}\n\n\
         \x20   def on_start(self):\n        # One of them prepares for all, and nobody asks anything before.\n        with PREPARING:\n            \
         if not READY[\"done\"]:\n                READY[\"done\"] = self.prepare()\n\n    def prepare(self):\n        v, f = VALUES, {{}}\n",
        stretches.join(", "),
        as_json(&plan.target.trim_end_matches('/')),
        if plan.is_closed() { "constant(0)" } else { "constant_throughput(1)" }
    );
    for step in &plan.setup {
        request(&mut out, plan, step);
        for (feed, gather) in &step.gather {
            let _ = writeln!(
                out,
                "        FEEDS[{}] = [row for row in rows(r.json(), {}) if not any(found(row, p) for p in {})]",
                as_json(feed),
                as_json(&gather.rows),
                as_json(&gather.without)
            );
        }
    }
    out.push_str("        return True\n");
    for (at, scenario) in plan.scenarios.iter().enumerate() {
        let weight = (scenario.weight * 100.0).round().max(1.0);
        let _ = write!(
            out,
            "\n    @task({weight})\n    def scenario_{at}(self):\n        \"\"\"{}\"\"\"\n        v = dict(VALUES)\n        \
             f = {{name: random.choice(rows) for name, rows in FEEDS.items() if rows}}\n",
            one_line(&scenario.name).replace('\\', "").replace('"', "'")
        );
        for step in scenario.steps.iter().filter(|step| step.listen.is_none()) {
            request(&mut out, plan, step);
        }
    }
    out.push_str(
        "\n\nclass Phases(LoadTestShape):\n    def tick(self):\n        s = self.get_run_time()\n        for for_s, first, last in STRETCHES:\n            \
         if s < for_s:\n                return (max(1, round(first + (last - first) * s / for_s)), 1000)\n            s -= for_s\n        return None\n",
    );
    out
}

fn request(out: &mut String, plan: &Plan, step: &Step) {
    let headers: Vec<String> = plan
        .headers
        .iter()
        .filter(|(name, _)| !step.headers.contains_key(*name))
        .chain(&step.headers)
        .map(|(name, value)| format!("{}: {}", as_json(name), expression(value, false)))
        .collect();
    let body = step.body.as_ref().map(|body| format!(", json={}", object(body))).unwrap_or_default();
    let wanted = if step.check.status.is_empty() {
        "200 <= r.status_code < 300".to_owned()
    } else {
        format!("r.status_code in {}", as_json(&step.check.status))
    };
    let _ = writeln!(
        out,
        "        with self.client.request({}, {}, name={}, headers={{{}}}{body}, timeout={}, allow_redirects=False, catch_response=True) as r:\n            \
         if not ({wanted}):\n                r.failure(f\"It answered {{r.status_code}}\")\n                return",
        as_json(&step.method),
        expression(&step.path, true),
        as_json(&step.name),
        headers.join(", "),
        plan.timeout_s
    );
    if let Some(text) = &step.check.contains {
        let _ = writeln!(
            out,
            "            if {} not in r.text:\n                r.failure(\"The answer does not contain what it should\")\n                return",
            as_json(text)
        );
    }
    for (pointer, value) in &step.check.json {
        let _ = writeln!(
            out,
            "            if at(r.json(), {}) != json.loads({}):\n                r.failure(\"The answer is not what it should be\")\n                return",
            as_json(pointer),
            as_json(&value.to_string())
        );
    }
    for (name, pointer) in &step.extract {
        let _ = writeln!(out, "        v[{}] = at(r.json(), {})", as_json(name), as_json(pointer));
    }
    if let Some(think) = step.think_s {
        let (low, high) = pause(think);
        let _ = writeln!(out, "        time.sleep(random.uniform({low}, {high}))");
    }
}

fn place(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => as_json(text),
        Piece::Name { name, .. } => match name.split_once('.') {
            Some((feed, column)) => format!("f[{}][{}]", as_json(&feed), as_json(&column)),
            None => format!("v[{}]", as_json(name)),
        },
        Piece::Uuid => "str(uuid.uuid4())".into(),
        Piece::NowMs => "int(time.time() * 1000)".into(),
        Piece::Number => "random.randrange(10**9)".into(),
        Piece::Random(low, high) => format!("random.randint({low}, {high})"),
    }
}

/// An expression of Python that makes the text.
fn expression(text: &str, in_path: bool) -> String {
    let Ok(template) = Template::parse(text) else { return as_json(&text) };
    if template.pieces.is_empty() {
        return "\"\"".into();
    }
    let parts = template.pieces.iter().map(|piece| match piece {
        Piece::Text(text) => as_json(text),
        Piece::Name { .. } if in_path => format!("urllib.parse.quote(str({}), safe=\"\")", place(piece)),
        piece => format!("str({})", place(piece)),
    });
    parts.collect::<Vec<_>>().join(" + ")
}

fn object(value: &Value) -> String {
    match value {
        Value::String(text) => match Template::parse(text).map(|template| template.pieces) {
            Ok(pieces) if matches!(pieces.as_slice(), [Piece::Name { json: true, .. }]) => place(&pieces[0]),
            _ => expression(text, false),
        },
        Value::Array(items) => format!("[{}]", items.iter().map(object).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| format!("{}: {}", as_json(name), object(field)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        other => other.to_string(),
    }
}
