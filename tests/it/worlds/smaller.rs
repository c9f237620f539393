//! A world in which polc and a judge disagree, made as small as it goes.

use serde_json::Value;

use super::asked::{Answers, World, polc};
use super::{Judge, difference};

/// Leaves out objects, list items and fields as long as the answer to one question differs.
pub(crate) fn smallest(world: &World, judge: Judge, at: usize) -> World {
    let mut best = World { probes: vec![world.probes[at].clone()], ..world.clone() };
    loop {
        let smaller: Vec<World> = without_one(&best.objects).into_iter().map(|objects| World { objects, ..best.clone() }).collect();
        let judged = judge(&smaller);
        let still = smaller.into_iter().zip(judged).find(|(world, judged)| disagree(&polc(world), judged));
        match still {
            Some((world, _)) => best = world,
            None => return best,
        }
    }
}

fn disagree(ours: &Answers, theirs: &Answers) -> bool {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => difference(ours, theirs).is_some(),
        _ => false,
    }
}

fn without_one(objects: &[Value]) -> Vec<Vec<Value>> {
    let mut all = Vec::new();
    for at in 0..objects.len() {
        let mut rest = objects.to_vec();
        rest.remove(at);
        all.push(rest);
    }
    for (at, object) in objects.iter().enumerate() {
        for less in less(object) {
            let mut changed = objects.to_vec();
            changed[at] = less;
            all.push(changed);
        }
    }
    all
}

/// The value with one field or item less, anywhere in it.
fn less(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let mut rest = map.clone();
                rest.remove(key);
                all.push(Value::Object(rest));
                for less in less(inner) {
                    let mut changed = map.clone();
                    changed.insert(key.clone(), less);
                    all.push(Value::Object(changed));
                }
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                let mut rest = list.clone();
                rest.remove(at);
                all.push(Value::Array(rest));
                for less in less(inner) {
                    let mut changed = list.clone();
                    changed[at] = less;
                    all.push(Value::Array(changed));
                }
            }
        }
        _ => {}
    }
    all
}
