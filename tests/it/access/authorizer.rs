//! The same requests to polc and to the API server's authorizer.

use polc::SourceFile;
use polc::look::{Asked, Grants};

use super::near::requests;
use super::{random, real};
use crate::judges::{Caller, Question, authorized};
use crate::meaning::random::Random;
use crate::real_cases::say;

/// How many random worlds there are, and how many requests each gets.
const WORLDS: u64 = 400;
const REQUESTS: usize = 250;
/// How many requests each real file and each project gets.
const OF_FILE: usize = 120;
const OF_PROJECT: usize = 1_500;

/// How many requests about real sets were judged once.
const REAL: usize = 85_260;

/// What was judged.
#[derive(Default)]
struct Tally {
    judged: usize,
    allowed: usize,
    /// Worlds in which the API server takes not every object, and polc neither.
    refused: usize,
    differences: Vec<String>,
}

#[test]
fn random_worlds_are_judged_as_the_api_server_judges_them() {
    let first = std::env::var("POLC_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(0);
    let worlds = std::env::var("POLC_WORLDS").ok().and_then(|it| it.parse().ok()).unwrap_or(WORLDS);
    let questions = (first..first + worlds).map(|seed| {
        let mut random = Random::new(seed);
        let objects = random::objects(&mut random);
        question(real::stream(&objects), &objects, &mut random, REQUESTS)
    });
    let tally = judge(&questions.collect::<Vec<_>>());
    tally.settle("random access", usize::try_from(worlds).expect("a number of worlds") * REQUESTS);
    assert!(tally.refused == 0, "a random world that is no world");
}

#[test]
fn real_sets_are_judged_as_the_api_server_judges_them() {
    let Some(files) = real::files() else {
        return say(&format!("SKIP real data absent: {REAL} requests (real access)"));
    };
    let mut random = Random::new(0);
    let of_file = files.iter().map(|file| question(file.text.clone(), &file.objects, &mut random, OF_FILE));
    let mut questions: Vec<Question> = of_file.collect();
    for (_, objects) in real::projects(&files) {
        questions.push(question(real::stream(&objects), &objects, &mut random, OF_PROJECT));
    }
    judge(&questions).settle("real access", REAL);
}

fn question(manifests: String, objects: &[serde_json::Value], random: &mut Random, count: usize) -> Question {
    Question { manifests, requests: requests(objects, random, count) }
}

fn judge(questions: &[Question]) -> Tally {
    let mut tally = Tally::default();
    for (question, answer) in questions.iter().zip(authorized(questions)) {
        let file = SourceFile { name: "world.yaml".into(), text: question.manifests.clone() };
        let grants = Grants::of(vec![file]);
        let understood = grants.unclear.is_empty() && !grants.diagnostics.iter().any(polc::Diagnostic::is_error);
        match (understood, answer.refused.is_empty()) {
            (true, true) => tally.compare(question, &grants, &answer.answers),
            (false, false) => tally.refused += 1,
            _ => tally.differences.push(format!(
                "refused by the API server: {:?}; by polc: {:?} {:?}\n{}",
                answer.refused,
                grants.diagnostics.iter().map(|it| (&it.headline, &it.primary)).collect::<Vec<_>>(),
                grants.unclear,
                question.manifests.chars().take(1_500).collect::<String>()
            )),
        }
    }
    tally
}

impl Tally {
    /// One request after the other, by the rules and by the set of all that the caller may ask for.
    fn compare(&mut self, question: &Question, grants: &Grants, answers: &[bool]) {
        let mut last: Option<(&Caller, polc::look::Granted)> = None;
        for ((caller, asked), answer) in question.requests.iter().zip(answers) {
            if last.as_ref().is_none_or(|(own, _)| *own != caller) {
                last = Some((caller, grants.granted(&caller.user, &caller.groups)));
            }
            let by_set = last.as_ref().is_some_and(|(_, set)| set.contains(asked));
            let by_rule = grants.permit(&caller.user, &caller.groups, asked);
            self.judged += 1;
            self.allowed += usize::from(*answer);
            if by_rule != *answer || by_set != *answer {
                self.differ(question, caller, asked, (*answer, by_rule, by_set));
            }
        }
    }

    fn differ(&mut self, question: &Question, caller: &Caller, asked: &Asked, (api_server, by_rule, by_set): (bool, bool, bool)) {
        let text = &question.manifests;
        self.differences.push(format!(
            "{caller:?} {asked:?}: the API server says {api_server}, polc {by_rule} by its rules and {by_set} by sets\n{text}"
        ));
    }

    fn settle(&self, what: &str, at_least: usize) {
        let Tally { judged, allowed, refused, differences } = self;
        say(&format!("{what}: {judged} requests judged, {allowed} of them allowed, {refused} worlds refused by both"));
        assert!(
            differences.is_empty(),
            "{what}: {} differences, the first: {:#?}",
            differences.len(),
            &differences[..differences.len().min(5)]
        );
        assert!(*judged >= at_least, "{what}: {judged} requests judged, there were {at_least}");
        assert!(allowed * 10 > *judged && allowed * 10 < judged * 9, "{what}: {allowed} of {judged} are allowed: this shows too little");
    }
}
