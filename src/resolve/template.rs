//! Templates: unfolded before anything is resolved, so that nothing after knows of them.

mod substitute;

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Sources, Span};
use crate::syntax::tree::{Form, Kind, Sentence, Word};

use super::place::{Home, Kept, Node, Used};
use super::report::Report;

/// How deep a template may use others.
const DEPTH: usize = 16;
/// How many sentences all uses may make together.
const SENTENCES: usize = 200_000;

/// A declared template.
#[derive(Debug, Clone, Copy)]
struct Template<'a> {
    name: &'a Word,
    parameters: &'a [Word],
    body: &'a [Sentence],
}

/// All templates, and the count of what they made.
#[derive(Debug)]
pub(super) struct Templates<'a> {
    sources: &'a Sources,
    /// Of each file, whether a parameter may stand in it: in most none does, and no sentence has to be looked at.
    with_parameters: Vec<bool>,
    declared: BTreeMap<(Option<SmolStr>, SmolStr), Template<'a>>,
    made: usize,
    expansions: usize,
}

/// The `use` sentences around a sentence.
#[derive(Debug, Clone, Default)]
struct Around {
    used_at: Vec<Span>,
    templates: Vec<Span>,
}

impl<'a> Templates<'a> {
    /// None yet.
    pub(super) fn new(sources: &'a Sources) -> Self {
        let with_parameters = sources.iter().map(|(_, file)| file.text.contains('$')).collect();
        Templates { sources, with_parameters, declared: BTreeMap::new(), made: 0, expansions: 0 }
    }

    /// Takes a template, private to a namespace or (none) known everywhere.
    pub(super) fn declare(&mut self, namespace: Option<&str>, sentence: &'a Sentence, report: &mut Report) {
        let Kind::Template { name, parameters, body } = &sentence.kind else { return };
        let key = (namespace.map(SmolStr::from), name.text.clone());
        if let Some(first) = self.declared.get(&key) {
            report.push(declared_twice(name, first.name));
            return;
        }
        check_parameters(parameters, body, report);
        self.declared.insert(key, Template { name, parameters, body });
    }

    /// The sentences, each `use` replaced by what its template makes.
    pub(super) fn unfold(&mut self, sentences: &'a [Sentence], home: &Home, report: &mut Report) -> Vec<Node<'a>> {
        let mut nodes = Vec::with_capacity(sentences.len());
        for sentence in sentences {
            self.stray(sentence, report);
            match &sentence.kind {
                Kind::Use { name, arguments } => {
                    report.outside();
                    self.expand(sentence, (name, arguments), &Around::default(), home, &mut nodes, report);
                }
                Kind::Template { .. } => {}
                _ => nodes.push(Node { sentence: Kept::Written(sentence), used: None }),
            }
        }
        nodes
    }

    /// A parameter outside every template stands for nothing.
    pub(super) fn stray(&self, sentence: &Sentence, report: &mut Report) {
        if self.with_parameters.get(sentence.span.file.0 as usize).is_some_and(|may| *may) {
            stray_parameters(sentence, self.sources, report);
        }
    }

    fn find(&self, home: &Home, name: &str) -> Option<Template<'a>> {
        let private = home.namespace().and_then(|ns| self.declared.get(&(Some(ns.into()), name.into())));
        private.or_else(|| self.declared.get(&(None, name.into()))).copied()
    }

    fn expand(
        &mut self,
        at: &Sentence,
        (name, arguments): (&Word, &[Word]),
        around: &Around,
        home: &Home,
        nodes: &mut Vec<Node<'a>>,
        report: &mut Report,
    ) {
        let Some(template) = self.find(home, &name.text) else {
            let known = self.declared.keys().filter(|(ns, _)| ns.is_none() || ns.as_deref() == home.namespace());
            let problem = unknown_template(name, known.map(|(_, name)| name.as_str()), report);
            report.push_once(name.text.clone(), problem);
            return;
        };
        if around.templates.contains(&template.name.span) {
            report.push(recursive(name, &template));
            return;
        }
        if arguments.len() != template.parameters.len() {
            report.push(wrong_count(name, arguments, &template));
            return;
        }
        self.made = self.made.saturating_add(template.body.len());
        if around.templates.len() >= DEPTH || self.made > SENTENCES {
            report.push(too_much(name));
            return;
        }
        if captures(&template, arguments, report) {
            return;
        }
        self.fill(&template, arguments, &Self::inside(at, &template, around), home, nodes, report);
    }

    fn inside(at: &Sentence, template: &Template<'_>, around: &Around) -> Around {
        let mut inside = around.clone();
        inside.used_at.push(at.span);
        inside.templates.push(template.name.span);
        inside
    }

    fn fill(
        &mut self,
        template: &Template<'a>,
        arguments: &[Word],
        around: &Around,
        home: &Home,
        nodes: &mut Vec<Node<'a>>,
        report: &mut Report,
    ) {
        let values: BTreeMap<&str, &Word> = template.parameters.iter().map(|p| p.text.as_str()).zip(arguments).collect();
        let used = Rc::new(Used { at: around.used_at.clone(), expansion: self.expansions });
        self.expansions += 1;
        for sentence in template.body {
            let mut made = sentence.clone();
            substitute::fill(&mut made, &values);
            match &made.kind {
                Kind::Use { name, arguments } => {
                    report.within(Some(&used));
                    self.expand(&made, (name, arguments), around, home, nodes, report);
                }
                _ => nodes.push(Node { sentence: Kept::Made(Rc::new(made)), used: Some(Rc::clone(&used)) }),
            }
        }
    }
}

fn stray_parameters(sentence: &Sentence, sources: &Sources, report: &mut Report) {
    let mut stray = |word: &Word| {
        let headline = format!("`${}` stands outside a template", word.text);
        report.push(
            Diagnostic::new(Code::TemplateParameter, word.span, headline)
                .help("write the word itself; only the sentences of a template have parameters"),
        );
    };
    match &sentence.kind {
        Kind::Namespace(header) => header.names.iter().chain(&header.clusters).filter(|word| word.form == Form::Parameter).for_each(stray),
        Kind::Cluster { name, .. } if name.form == Form::Parameter => stray(name),
        Kind::Template { .. } | Kind::Everywhere(_) | Kind::Cluster { .. } => {}
        _ if sources.slice(sentence.span).contains('$') => substitute::parameters(std::slice::from_ref(sentence), &mut stray),
        _ => {}
    }
}

/// Every parameter is used, and every `$word` is a parameter.
fn check_parameters(parameters: &[Word], body: &[Sentence], report: &mut Report) {
    let mut unused: BTreeMap<&str, &Word> = BTreeMap::new();
    for parameter in parameters {
        if let Some(first) = unused.insert(&parameter.text, parameter) {
            report.push(declared_twice(parameter, first));
        }
    }
    let names: Vec<&str> = unused.keys().copied().collect();
    substitute::parameters(body, &mut |word: &Word| {
        unused.remove(word.text.as_str());
        if !names.contains(&word.text.as_str()) {
            // The one that was meant is used.
            if let Some(near) = report.near(&word.text, names.iter().copied()) {
                unused.remove(near);
            }
            report.push(unknown_parameter(word, &names, report));
        }
    });
    for parameter in unused.values() {
        report.push(
            Diagnostic::new(Code::TemplateParameter, parameter.span, format!("the parameter `{}` is never used", parameter.text))
                .help("remove it here and in every `use`"),
        );
    }
}

/// Whether an argument is the name of a peer list that the template declares for itself: the
/// word would change its meaning on the way in.
fn captures(template: &Template<'_>, arguments: &[Word], report: &mut Report) -> bool {
    let own = template.body.iter().filter_map(|s| if let Kind::Peers { name, .. } = &s.kind { Some(name) } else { None });
    let caught: Vec<_> = own.filter_map(|name| arguments.iter().find(|a| a.text == name.text).map(|a| (a, name))).collect();
    for (argument, name) in &caught {
        report.push(
            Diagnostic::new(
                Code::TemplateParameter,
                argument.span,
                format!("`{}` means something else inside the template", argument.text),
            )
            .also(name.span, "the template's own peer list")
            .help("give the template's peer list another name"),
        );
    }
    !caught.is_empty()
}

fn declared_twice(name: &Word, first: &Word) -> Diagnostic {
    Diagnostic::new(Code::DuplicateDeclaration, name.span, format!("`{}` is declared twice", name.text))
        .also(first.span, "first declared here")
        .help("remove one, or give it another name")
}

fn unknown_parameter(word: &Word, names: &[&str], report: &Report) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::TemplateParameter, word.span, format!("`${}` is not a parameter of this template", word.text));
    match report.near(&word.text, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `${near}`?")),
        None => diagnostic.help("declare it in the `( )` of the template"),
    }
}

fn unknown_template<'n>(name: &Word, known: impl Iterator<Item = &'n str>, report: &Report) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownTemplate, name.span, format!("no template is called `{}`", name.text));
    match report.near(&name.text, known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("declare it: `template {}(…) {{ … }}`", name.text)),
    }
}

fn recursive(name: &Word, template: &Template<'_>) -> Diagnostic {
    Diagnostic::new(Code::TemplateRecursion, name.span, format!("the template `{}` uses itself", name.text))
        .also(template.name.span, "declared here")
        .help("write the sentences out instead of the `use`")
}

fn wrong_count(name: &Word, arguments: &[Word], template: &Template<'_>) -> Diagnostic {
    let parameters = template.parameters.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(", ");
    let values = |n: usize| if n == 1 { "1 value".to_owned() } else { format!("{n} values") };
    Diagnostic::new(
        Code::TemplateArguments,
        name.span,
        format!("`{}` takes {} and gets {}", name.text, values(template.parameters.len()), arguments.len()),
    )
    .also(template.name.span, "declared here")
    .help(format!("write one value for each parameter: `use {}({parameters})`", name.text))
}

fn too_much(name: &Word) -> Diagnostic {
    Diagnostic::new(Code::TemplateRecursion, name.span, "templates make too much of this")
        .note(format!("a template may use others {DEPTH} deep, and all uses together may make {SENTENCES} sentences"))
        .help("use fewer templates inside templates")
}
