//! `role` and its `can` sentences.

use std::rc::Rc;

use smol_str::SmolStr;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::access::{Joined, Permission};
use crate::ir::{self, SentenceId};
use crate::syntax::tree::{Form, Kind, Role, Sentence, Word};

use super::super::names::{Becomes, shortened};
use super::super::place::Statement;
use super::objects::Said;
use super::{Access, Served};

/// Roles that the cloud service overwrites.
const OF_THE_SERVICE: [&str; 4] = ["ibm-admin", "ibm-edit", "ibm-operate", "ibm-view"];
/// The names of service roles, where identity is `ibm-iam`.
pub(super) const SERVICE_ROLES: [&str; 3] = ["manager", "reader", "writer"];

impl<'r> Access<'r, '_, '_> {
    /// The role; none if something of it is wrong.
    pub(super) fn role(&mut self, statement: &Statement<'_>, ids: &[SentenceId]) -> Option<ir::Role> {
        let sentence = &statement.node.sentence;
        let Kind::Role(role) = &sentence.kind else { return None };
        let clusters = self.served(&statement.block, role.name.span)?;
        let named = self.may_be_called(&role.name, &clusters);
        let joins = self.joins(role, statement, &clusters);
        let joined_by = role.joined_by.as_ref().map(|label| self.label(label));
        let body = role.body.as_deref().unwrap_or_default();
        let shaped = self.has_permissions(role, body);
        let mut permissions = Vec::with_capacity(body.len());
        let mut sound = true;
        for (can, id) in body.iter().zip(ids) {
            let reason = said_why(sentence) || said_why(can);
            let said = Said { block: &statement.block, clusters: &clusters, reason, asserted: false };
            let Kind::Can(what) = &can.kind else { continue };
            match self.permission(what, &said) {
                Some((verbs, objects)) => permissions.push(Permission { sentence: *id, verbs, objects }),
                None => sound = false,
            }
        }
        let joined_by = match joined_by {
            Some(label) => Some(label?),
            None => None,
        };
        (named && shaped && sound).then_some(ir::Role {
            sentence: statement.id,
            name: role.name.text.clone(),
            scope: statement.block.home.scope(),
            permissions,
            joins: joins?,
            joined_by,
            clusters: Rc::clone(&statement.block.clusters),
        })
    }

    /// Whether nobody else keeps the name for a role; says so if not.
    fn may_be_called(&mut self, name: &Word, clusters: &[Served<'_>]) -> bool {
        let text = name.text.as_str();
        if text.is_empty() || text == "." || text == ".." || text.contains(['/', '%', '*']) || text.len() > 200 {
            let headline = format!("`{}` cannot be a role", shortened(text));
            self.resolver.report.push(
                Diagnostic::new(Code::InvalidName, name.span, headline).help("use letters, digits, `-`, `_`, `.` and `:`, at most 200"),
            );
            return false;
        }
        let ours = clusters.iter().find(|served| served.surface.role(text).is_some());
        let service = clusters.iter().find(|served| served.cluster.identity == ir::Identity::IbmIam && SERVICE_ROLES.contains(&text));
        let whose = if text.starts_with("system:") {
            "names that begin with `system:` are Kubernetes' own"
        } else if OF_THE_SERVICE.contains(&text) {
            "IBM Cloud writes the role of this name, and overwrites what others put there"
        } else if ours.is_some() {
            "every cluster has a role of this name, and other roles and people rely on it"
        } else if service.is_some() {
            "with `identity ibm-iam` it is a role of the cloud service"
        } else {
            return true;
        };
        let diagnostic = Diagnostic::new(Code::ReservedRole, name.span, format!("the name `{}` is taken", shortened(text))).note(whose);
        self.resolver.report.push(diagnostic.help("give the role a name of its own; to grant the one that is there needs no `role`"));
        false
    }

    /// A role says what it permits, unless others flow into it: then the cluster writes it.
    fn has_permissions(&mut self, role: &Role, body: &[Sentence]) -> bool {
        let problem = match (&role.joined_by, body.first()) {
            (None, None) => {
                Diagnostic::new(Code::RoleWithoutPermission, role.name.span, format!("the role `{}` permits nothing", role.name.text))
                    .help(format!("say what it permits: `role {} {{ can get on pods }}`", role.name.text))
            }
            (Some(label), Some(can)) => {
                Diagnostic::new(Code::PermissionsOfJoinedRole, can.span, "a role that others join has no permissions of its own")
                    .also(label.span, "the cluster writes its rules from those of the roles that join it")
                    .help("put the permissions into a role of their own that joins it")
            }
            _ => return true,
        };
        self.resolver.report.push(problem);
        false
    }

    /// What the role flows into.
    fn joins(&mut self, role: &Role, statement: &Statement<'_>, clusters: &[Served<'_>]) -> Option<Vec<Joined>> {
        if let (Some(word), Some(namespace)) = (role.joins.first().or(role.joined_by.as_ref()), statement.block.home.namespace()) {
            self.resolver.report.push(
                Diagnostic::new(Code::JoinsMisplaced, word.span, format!("a role of `{namespace}` joins no other"))
                    .note("only roles of `everywhere` are put together by the cluster")
                    .help("move the role to `everywhere`, and grant it in the namespace"),
            );
            return None;
        }
        let mut found = Vec::with_capacity(role.joins.len());
        for (place, word) in role.joins.iter().enumerate() {
            let joined = self.joined(word, clusters)?;
            if found.contains(&joined) {
                let first = role.joins.get(..place).and_then(|before| before.iter().find(|first| first.text == word.text)).unwrap_or(word);
                self.resolver.report.push(super::wrong::named_twice(word, first.span));
            } else {
                found.push(joined);
            }
        }
        found.sort();
        Some(found)
    }

    fn joined(&mut self, word: &Word, clusters: &[Served<'_>]) -> Option<Joined> {
        if word.form == Form::Quoted {
            return self.label(word).map(|(key, value)| Joined::Label(key, value));
        }
        let name = word.text.as_str();
        if let Some(first) = self.index.find(None, name).first() {
            if first.joined {
                return Some(Joined::Declared(word.text.clone()));
            }
            let diagnostic = Diagnostic::new(Code::RoleNotJoined, word.span, format!("`{name}` takes in no other roles"))
                .also(first.name.span, "declared here, without `joined by`");
            self.resolver.report.push(diagnostic.help("grant both roles to who needs both"));
            return None;
        }
        let aggregated = |served: &Served<'_>| served.surface.role(name).map(|role| !role.joins.is_empty());
        match clusters.iter().map(aggregated).min().flatten() {
            Some(true) => Some(Joined::Builtin(word.text.clone())),
            Some(false) => {
                let diagnostic = Diagnostic::new(Code::RoleNotJoined, word.span, format!("`{name}` takes in no other roles"));
                self.resolver.report.push(
                    diagnostic.note("of Kubernetes' own roles, `view`, `edit` and `admin` do").help("grant both roles to who needs both"),
                );
                None
            }
            None => {
                let known = self.index.names(None).chain(["view", "edit", "admin"]);
                let diagnostic =
                    Diagnostic::new(Code::UnknownRole, word.span, format!("no role of `everywhere` is called `{}`", shortened(name)));
                let diagnostic = match self.resolver.report.near(name, known) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help("name a role that says `joined by`, or `view`, `edit` or `admin`; a label stands in quotes"),
                };
                self.resolver.report.push(diagnostic);
                None
            }
        }
    }

    /// A label and its value, `true` where none is written.
    fn label(&mut self, word: &Word) -> Option<(SmolStr, SmolStr)> {
        let (key, value) = word.text.split_once('=').unwrap_or((&word.text, "true"));
        let part = |text: &str| Word { text: text.into(), ..word.clone() };
        let report = &mut *self.resolver.report;
        let fits = super::super::names::check(&part(key), Becomes::LabelKey, "a label's key", report)
            && super::super::names::check(&part(value), Becomes::LabelValue, "a label's value", report);
        fits.then(|| (key.into(), value.into()))
    }

    /// Roles that nobody is granted, and that flow into no other one.
    pub(super) fn check_granted(&mut self) {
        self.resolver.report.outside();
        for (namespace, role) in self.index.all() {
            if role.joins || role.granted.get() || self.index.is_granted(role) || self.is_bound(namespace, &role.name.text) {
                continue;
            }
            let headline = format!("nobody is granted the role `{}`", shortened(&role.name.text));
            self.resolver.report.push(
                Diagnostic::new(Code::RoleNotGranted, role.name.span, headline)
                    .help(format!("grant it to somebody, or remove it: `grant {} to group …`", role.name.text)),
            );
        }
    }
}

/// Whether a sentence says why.
pub(super) fn said_why(sentence: &Sentence) -> bool {
    sentence.clauses.as_ref().is_some_and(|clauses| clauses.because.is_some())
}
