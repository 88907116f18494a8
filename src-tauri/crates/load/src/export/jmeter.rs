//! For JMeter: a test plan with an open model thread group a scenario.

use std::fmt::Write;

use super::{filled, json_path, left_out, pause, stretches};
use crate::plan::{Plan, Step};
use crate::report::escaped;
use crate::template::Piece;
use crate::wire::Target;

pub fn jmeter(plan: &Plan) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<jmeterTestPlan version=\"1.2\" properties=\"5.0\" jmeter=\"5.6.3\">\n<hashTree>\n",
    );
    let _ = writeln!(
        out,
        "<TestPlan guiclass=\"TestPlanGui\" testclass=\"TestPlan\" testname=\"{}\" enabled=\"true\">\n{}\n<boolProp name=\"TestPlan.functional_mode\">false</boolProp>",
        escaped(&plan.name),
        text_prop(
            "TestPlan.comments",
            &format!(
                "Written from a plan. Secrets are properties: -JNAME=value. Thresholds are judged outside; what setup gathers \
                 into feeds is left out. {}",
                left_out(plan).unwrap_or_default()
            )
        )
    );
    out.push_str("<elementProp name=\"TestPlan.user_defined_variables\" elementType=\"Arguments\"><collectionProp name=\"Arguments.arguments\">\n");
    for (name, value) in variables(plan) {
        let _ = writeln!(
            out,
            "<elementProp name=\"{0}\" elementType=\"Argument\">{1}{2}<stringProp name=\"Argument.metadata\">=</stringProp></elementProp>",
            escaped(&name),
            text_prop("Argument.name", &name),
            text_prop("Argument.value", &value)
        );
    }
    out.push_str("</collectionProp></elementProp>\n</TestPlan>\n<hashTree>\n");
    if !plan.setup.is_empty() {
        out.push_str("<SetupThreadGroup guiclass=\"SetupThreadGroupGui\" testclass=\"SetupThreadGroup\" testname=\"Setup\" enabled=\"true\">\n<stringProp name=\"ThreadGroup.on_sample_error\">stoptest</stringProp>\n<stringProp name=\"ThreadGroup.num_threads\">1</stringProp>\n<stringProp name=\"ThreadGroup.ramp_time\">1</stringProp>\n<elementProp name=\"ThreadGroup.main_controller\" elementType=\"LoopController\"><stringProp name=\"LoopController.loops\">1</stringProp></elementProp>\n</SetupThreadGroup>\n<hashTree>\n");
        plan.setup.iter().for_each(|step| sampler(&mut out, plan, step, true));
        out.push_str("</hashTree>\n");
    }
    let total: f64 = plan.scenarios.iter().map(|scenario| scenario.weight).sum();
    for scenario in &plan.scenarios {
        let share = scenario.weight / total;
        let name = escaped(&scenario.name);
        if plan.is_closed() {
            let for_s = plan.for_s().ceil();
            let users = stretches(plan).iter().map(|(_, _, to)| to * share).fold(1.0, f64::max).ceil();
            let _ = writeln!(
                out,
                "<ThreadGroup guiclass=\"ThreadGroupGui\" testclass=\"ThreadGroup\" testname=\"{name}\" enabled=\"true\">\n<stringProp name=\"ThreadGroup.on_sample_error\">startnextloop</stringProp>\n<stringProp name=\"ThreadGroup.num_threads\">{users}</stringProp>\n<stringProp name=\"ThreadGroup.ramp_time\">{ramp}</stringProp>\n<boolProp name=\"ThreadGroup.scheduler\">true</boolProp>\n<stringProp name=\"ThreadGroup.duration\">{for_s}</stringProp>\n<elementProp name=\"ThreadGroup.main_controller\" elementType=\"LoopController\"><intProp name=\"LoopController.loops\">-1</intProp></elementProp>\n</ThreadGroup>\n<hashTree>",
                ramp = stretches(plan).first().map_or(1.0, |s| s.0).ceil()
            );
        } else {
            let mut schedule = String::new();
            for (for_s, from, to) in stretches(plan) {
                let _ = write!(
                    schedule,
                    "rate({:.4}/sec) even_arrivals({for_s} sec) rate({:.4}/sec) ",
                    from * share,
                    to * share
                );
            }
            let _ = writeln!(
                out,
                "<OpenModelThreadGroup guiclass=\"OpenModelThreadGroupGui\" testclass=\"OpenModelThreadGroup\" testname=\"{name}\" enabled=\"true\">\n<elementProp name=\"ThreadGroup.main_controller\" elementType=\"OpenModelThreadGroupController\"/>\n<stringProp name=\"ThreadGroup.on_sample_error\">startnextloop</stringProp>\n<stringProp name=\"OpenModelThreadGroup.schedule\">{}</stringProp>\n</OpenModelThreadGroup>\n<hashTree>",
                schedule.trim()
            );
        }
        let mut samplers = String::new();
        let steps = scenario.steps.iter().filter(|step| step.listen.is_none());
        steps.for_each(|step| sampler(&mut samplers, plan, step, false));
        // What setup extracted is kept in properties: each thread group has variables of its own.
        for name in plan.setup.iter().flat_map(|step| step.extract.keys()) {
            samplers = samplers.replace(&format!("${{{name}}}"), &format!("${{__P({name})}}"));
        }
        out.push_str(&samplers);
        out.push_str("</hashTree>\n");
    }
    out.push_str("</hashTree>\n</hashTree>\n</jmeterTestPlan>\n");
    out
}

fn variables(plan: &Plan) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        plan.secrets.iter().map(|name| (name.clone(), format!("${{__P({name})}}"))).collect();
    all.extend(plan.variables.iter().map(|(name, value)| (name.clone(), text(value))));
    for (name, feed) in &plan.feeds {
        for (at, row) in feed.rows.iter().enumerate() {
            for (column, value) in row {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                all.push((format!("{name}_{column}_{}", at + 1), value));
            }
        }
        all.push((format!("{name}_rows"), feed.rows.len().max(1).to_string()));
    }
    all
}

fn text_prop(name: &str, value: &str) -> String {
    format!("<stringProp name=\"{name}\">{}</stringProp>", escaped(value))
}

fn sampler(out: &mut String, plan: &Plan, step: &Step, is_setup: bool) {
    let Ok(target) = Target::parse(&plan.target) else { return };
    let scheme = if target.is_tls { "https" } else { "http" };
    let _ = writeln!(
        out,
        "<HTTPSamplerProxy guiclass=\"HttpTestSampleGui\" testclass=\"HTTPSamplerProxy\" testname=\"{}\" enabled=\"true\">",
        escaped(&step.name)
    );
    for (name, value) in [
        ("HTTPSampler.domain", target.host.clone()),
        ("HTTPSampler.port", target.port.to_string()),
        ("HTTPSampler.protocol", scheme.to_owned()),
        ("HTTPSampler.path", format!("{}{}", target.base, text(&step.path))),
        ("HTTPSampler.method", step.method.clone()),
        ("HTTPSampler.response_timeout", format!("{:.0}", plan.timeout_s * 1000.0)),
    ] {
        let _ = writeln!(out, "{}", text_prop(name, &value));
    }
    out.push_str("<boolProp name=\"HTTPSampler.follow_redirects\">false</boolProp>\n<boolProp name=\"HTTPSampler.use_keepalive\">true</boolProp>\n");
    if let Some(body) = &step.body {
        let body = super::body_with(body, &place).to_string();
        let _ = writeln!(
            out,
            "<boolProp name=\"HTTPSampler.postBodyRaw\">true</boolProp>\n<elementProp name=\"HTTPsampler.Arguments\" elementType=\"Arguments\"><collectionProp name=\"Arguments.arguments\"><elementProp name=\"\" elementType=\"HTTPArgument\"><boolProp name=\"HTTPArgument.always_encode\">false</boolProp>{}<stringProp name=\"Argument.metadata\">=</stringProp></elementProp></collectionProp></elementProp>",
            text_prop("Argument.value", &body)
        );
    }
    out.push_str("</HTTPSamplerProxy>\n<hashTree>\n<HeaderManager guiclass=\"HeaderPanel\" testclass=\"HeaderManager\" testname=\"Headers\" enabled=\"true\"><collectionProp name=\"HeaderManager.headers\">\n");
    let kind = step.body.as_ref().map(|_| ("content-type".to_owned(), "application/json".to_owned()));
    let own = step.headers.clone();
    let all =
        plan.headers.clone().into_iter().filter(|(name, _)| !own.contains_key(name)).chain(own.clone()).chain(kind);
    for (name, value) in all {
        let _ = writeln!(
            out,
            "<elementProp name=\"\" elementType=\"Header\">{}{}</elementProp>",
            text_prop("Header.name", &name),
            text_prop("Header.value", &text(&value))
        );
    }
    out.push_str("</collectionProp></HeaderManager>\n<hashTree/>\n");
    for (name, pointer) in &step.extract {
        let _ = writeln!(
            out,
            "<JSONPostProcessor guiclass=\"JSONPostProcessorGui\" testclass=\"JSONPostProcessor\" testname=\"{0}\" enabled=\"true\">{1}{2}<stringProp name=\"JSONPostProcessor.match_numbers\">1</stringProp></JSONPostProcessor>\n<hashTree/>",
            escaped(name),
            text_prop("JSONPostProcessor.referenceNames", name),
            text_prop("JSONPostProcessor.jsonPathExprs", &json_path(pointer))
        );
        if is_setup {
            let script = format!("props.put(\"{name}\", vars.get(\"{name}\"))");
            let _ = writeln!(
                out,
                "<JSR223PostProcessor guiclass=\"TestBeanGUI\" testclass=\"JSR223PostProcessor\" testname=\"Keep {0}\" enabled=\"true\"><stringProp name=\"scriptLanguage\">groovy</stringProp>{1}</JSR223PostProcessor>\n<hashTree/>",
                escaped(name),
                text_prop("script", &script)
            );
        }
    }
    if !step.check.status.is_empty() {
        let codes: Vec<String> = step.check.status.iter().map(u16::to_string).collect();
        let _ = writeln!(
            out,
            "<ResponseAssertion guiclass=\"AssertionGui\" testclass=\"ResponseAssertion\" testname=\"Status\" enabled=\"true\"><collectionProp name=\"Asserion.test_strings\">{}</collectionProp><stringProp name=\"Assertion.test_field\">Assertion.response_code</stringProp><boolProp name=\"Assertion.assume_success\">true</boolProp><intProp name=\"Assertion.test_type\">1</intProp></ResponseAssertion>\n<hashTree/>",
            text_prop("0", &codes.join("|"))
        );
    }
    if let Some(think) = step.think_s {
        let (low, high) = pause(think);
        let _ = writeln!(
            out,
            "<UniformRandomTimer guiclass=\"UniformRandomTimerGui\" testclass=\"UniformRandomTimer\" testname=\"Think\" enabled=\"true\">{}{}</UniformRandomTimer>\n<hashTree/>",
            text_prop("ConstantTimer.delay", &format!("{:.0}", low * 1000.0)),
            text_prop("RandomTimer.range", &format!("{:.0}", (high - low) * 1000.0))
        );
    }
    out.push_str("</hashTree>\n");
}

fn text(text: &str) -> String {
    filled(text, str::to_owned, place)
}

fn place(piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => text.clone(),
        Piece::Name { name, .. } => match name.split_once('.') {
            Some((feed, column)) => format!("${{__V({feed}_{column}_${{__Random(1,${{{feed}_rows}})}})}}"),
            None => format!("${{{name}}}"),
        },
        Piece::Uuid => "${__UUID()}".into(),
        Piece::NowMs => "${__time()}".into(),
        Piece::Number => "${__counter(FALSE,)}".into(),
        Piece::Random(low, high) => format!("${{__Random({low},{high})}}"),
    }
}
