//! A question about access, as far as its text alone says what is meant.

use super::super::Wrong;
use crate::ir::access::Subject;

/// The forms of a question, as messages show them.
const FORMS: [&str; 3] =
    ["can group ops get secrets in payments", "who can create pods/exec in payments", "what can user alice in payments"];

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query) enum Question {
    /// May somebody?
    Can(Subject, Asked),
    /// Who may?
    Who(Asked),
    /// What may somebody, in a namespace or at all?
    What(Subject, Option<String>),
}

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::query) struct Asked {
    /// Verbs, `read` and `write` written out; `*` for `everything`.
    pub(super) verbs: Vec<String>,
    /// On what.
    pub(super) target: Target,
    /// In which namespace; none: everywhere.
    pub(super) namespace: Option<String>,
}

/// What verbs are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Kinds of resources as kubectl writes them, and a name.
    Kinds(Vec<String>, Option<String>),
    /// Paths.
    Urls(Vec<String>),
}

/// Reads a question.
pub(in crate::query) fn read(text: &str) -> Result<Question, Wrong> {
    let words = words(text)?;
    let mut rest = Words { words: &words };
    let question = match (rest.next()?, words.get(1).map(String::as_str)) {
        ("can", _) => Question::Can(rest.subject()?, rest.asked()?),
        ("who", Some("can")) => {
            rest.next()?;
            Question::Who(rest.asked()?)
        }
        ("what", Some("can")) => {
            rest.next()?;
            Question::What(rest.subject()?, rest.place()?)
        }
        _ => return Err(wrong(format!("`{}` is no question", text.trim()))),
    };
    match rest.words.first() {
        None => Ok(question),
        Some(left) => Err(wrong(format!("the question should end before `{left}`"))),
    }
}

fn wrong(headline: String) -> Wrong {
    FORMS.into_iter().fold(Wrong::new(headline), |wrong, form| wrong.help(format!("ask `{form}`")))
}

/// Words at blanks; a comma joins the word before it to the next; quotes hold blanks.
fn words(text: &str) -> Result<Vec<String>, Wrong> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.trim().chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() && !word.ends_with(',') {
                    words.push(std::mem::take(&mut word));
                }
            }
            ',' if word.is_empty() && !quoted => word = words.pop().unwrap_or_default() + ",",
            c => word.push(c),
        }
    }
    if quoted {
        return Err(wrong("a quote is not closed".to_owned()));
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    Ok(words)
}

struct Words<'w> {
    words: &'w [String],
}

impl<'w> Words<'w> {
    fn next(&mut self) -> Result<&'w str, Wrong> {
        let Some((first, rest)) = self.words.split_first() else { return Err(wrong("the question ends too early".to_owned())) };
        self.words = rest;
        Ok(first)
    }

    fn skip(&mut self, word: &str) -> bool {
        let is_next = self.words.first().is_some_and(|first| first == word);
        if is_next {
            self.words = self.words.get(1..).unwrap_or_default();
        }
        is_next
    }

    fn subject(&mut self) -> Result<Subject, Wrong> {
        let kind = self.next()?;
        match kind {
            "group" => Ok(Subject::Group(self.next()?.into())),
            "user" => Ok(Subject::User(self.next()?.into())),
            "serviceaccount" => {
                let name = self.next()?;
                let Some((namespace, name)) = name.split_once('/') else {
                    return Err(
                        Wrong::new(format!("`{name}` needs its namespace")).help(format!("write `serviceaccount NAMESPACE/{name}`"))
                    );
                };
                Ok(Subject::ServiceAccount { namespace: namespace.into(), name: name.into() })
            }
            other => Err(wrong(format!("`{other}` is no kind of subject: `group`, `user` or `serviceaccount`"))),
        }
    }

    fn asked(&mut self) -> Result<Asked, Wrong> {
        let verbs = list(self.next()?).iter().flat_map(|verb| verbs(verb)).map(str::to_owned).collect();
        self.skip("on");
        let target = if self.skip("url") {
            Target::Urls(list(self.next()?).into_iter().map(str::to_owned).collect())
        } else {
            let kinds = list(self.next()?).into_iter().map(str::to_owned).collect();
            let name = if self.skip("named") { Some(self.next()?.to_owned()) } else { None };
            Target::Kinds(kinds, name)
        };
        Ok(Asked { verbs, target, namespace: self.place()? })
    }

    fn place(&mut self) -> Result<Option<String>, Wrong> {
        if self.skip("in") { Ok(Some(self.next()?.to_owned())) } else { Ok(None) }
    }
}

fn list(word: &str) -> Vec<&str> {
    word.split(',').filter(|part| !part.is_empty()).collect()
}

/// What `read` and `write` stand for.
fn verbs<'v>(verb: &'v &'v str) -> Vec<&'v str> {
    match *verb {
        "read" => vec!["get", "list", "watch"],
        "write" => vec!["create", "update", "patch", "delete"],
        "everything" => vec!["*"],
        other => vec![other],
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Question, Target, read};
    use crate::ir::access::Subject;

    #[test]
    fn a_question_is_read_as_a_sentence_is() {
        let Ok(Question::Can(who, asked)) = read("can group payments-dev get, list on secrets, pods/exec named db in payments") else {
            panic!("it is a question")
        };
        assert_eq!(who, Subject::Group("payments-dev".into()));
        let kinds = vec!["secrets".to_owned(), "pods/exec".to_owned()];
        let target = Target::Kinds(kinds, Some("db".to_owned()));
        assert_eq!(asked, Asked { verbs: vec!["get".into(), "list".into()], target, namespace: Some("payments".into()) });
        let Ok(Question::What(who, None)) = read("what can user \"alice smith\"") else { panic!("it is a question") };
        assert_eq!(who, Subject::User("alice smith".into()));
        let Ok(Question::Who(asked)) = read("who can read url /metrics") else { panic!("it is a question") };
        assert_eq!((asked.verbs.len(), asked.target), (3, Target::Urls(vec!["/metrics".to_owned()])));
    }

    #[test]
    fn what_is_wrong_is_told() {
        let told = |text: &str| read(text).unwrap_err().headline;
        assert_eq!(told("can alice get pods"), "`alice` is no kind of subject: `group`, `user` or `serviceaccount`");
        assert_eq!(told("can serviceaccount ci get pods"), "`ci` needs its namespace");
        assert_eq!(told("can group ops get"), "the question ends too early");
        assert_eq!(told("can group ops get pods within payments"), "the question should end before `within`");
        assert_eq!(told("who can get pods in \"x"), "a quote is not closed");
    }
}
