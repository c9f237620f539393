//! What a rule of the grammar is called in messages.

use crate::syntax::grammar::Rule;

/// The words for a rule; none for what is never missed: silent rules, and blanks.
pub(super) fn words(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::EOI => "the end of the sentence",
        Rule::name | Rule::words | Rule::pattern => "a name",
        Rule::quoted => "a text in quotes",
        Rule::param => "a parameter",
        Rule::bare_value => "a value",
        Rule::date => "a date",
        Rule::version => "a version",
        Rule::number => "a number",
        Rule::range | Rule::clause_word => "a clause",
        Rule::ports | Rule::port | Rule::numbers | Rule::port_declaration | Rule::service_port => "a port",
        Rule::address | Rule::bare_address => "an address",
        Rule::endpoint => "an address with its port",
        Rule::path => "a path",
        Rule::arrow => "`->`",
        Rule::comma => "`,`",
        Rule::open | Rule::selector => "`(`",
        Rule::close => "`)`",
        Rule::equals => "`=`",
        Rule::differs => "`!=`",
        Rule::slash => "`/`",
        Rule::plus => "`+`",
        Rule::because => "`because`",
        Rule::owner => "`owner`",
        Rule::until => "`until`",
        Rule::id => "`id`",
        Rule::requirements | Rule::requirement | Rule::key | Rule::bare_key | Rule::label => "a label",
        Rule::is_in | Rule::in_clusters | Rule::in_namespace => "`in`",
        Rule::not_in => "`not in`",
        Rule::has => "`has`",
        Rule::lacks => "`lacks`",
        Rule::peers | Rule::peer | Rule::qualified => "a peer",
        Rule::pods_there => "`/pods`",
        Rule::node_ports => "`(`",
        Rule::protocol => "`tcp`, `udp` or `sctp`",
        Rule::side => "`ingress` or `egress`",
        Rule::without_dns => "`without dns`",
        Rule::isolation => "`isolate`",
        Rule::enforcer => "an enforcer",
        Rule::resource_name => "a resource",
        Rule::kw_because => "`because`",
        Rule::kw_owner => "`owner`",
        Rule::kw_until => "`until`",
        Rule::kw_id => "`id`",
        Rule::kw_except => "`except`",
        Rule::kw_has => "`has`",
        Rule::kw_lacks => "`lacks`",
        Rule::kw_not => "`not`",
        Rule::kw_in => "`in`",
        Rule::kw_namespaces => "`namespaces`",
        Rule::kw_serviceaccount => "`serviceaccount`",
        Rule::kw_external => "`external`",
        Rule::kw_isolate => "`isolate`",
        Rule::kw_ingress => "`ingress`",
        Rule::kw_without => "`without`",
        Rule::kw_dns => "`dns`",
        Rule::kw_tls => "`tls`",
        Rule::kw_allow => "`allow`",
        Rule::kw_deny => "`deny`",
        Rule::kw_namespace => "`namespace`",
        Rule::kw_labels => "`labels`",
        Rule::kw_pod_security => "`pod-security`",
        Rule::kw_workload_label => "`workload-label`",
        Rule::kw_workload => "`workload`",
        Rule::kw_select => "`select`",
        Rule::kw_ports => "`ports`",
        Rule::kw_service => "`service`",
        Rule::kw_peers => "`peers`",
        Rule::kw_mutual => "`mutual`",
        Rule::kw_everywhere => "`everywhere`",
        Rule::kw_require => "`require`",
        Rule::kw_on => "`on`",
        Rule::kw_account => "`account`",
        Rule::kw_kubernetes => "`kubernetes`",
        Rule::kw_enforce => "`enforce`",
        Rule::kw_provider => "`provider`",
        Rule::kw_gateway => "`gateway`",
        Rule::kw_pods => "`pods`",
        Rule::kw_unknown => "`unknown`",
        Rule::kw_services => "`services`",
        Rule::kw_nodes => "`nodes`",
        Rule::kw_node_local => "`node-local`",
        Rule::kw_apiserver => "`apiserver`",
        Rule::kw_from => "`from`",
        Rule::kw_identity => "`identity`",
        Rule::kw_prefix => "`prefix`",
        Rule::kw_certificates => "`certificates`",
        Rule::kw_default => "`default`",
        Rule::kw_authority => "`authority`",
        Rule::kw_traffic => "`traffic`",
        Rule::kw_local => "`local`",
        Rule::kw_hosts => "`hosts`",
        Rule::kw_cluster => "`cluster`",
        Rule::kw_delegate => "`delegate`",
        Rule::kw_to => "`to`",
        Rule::kw_self_signed => "`self-signed`",
        Rule::kw_acme => "`acme`",
        Rule::kw_email => "`email`",
        Rule::kw_existing => "`existing`",
        Rule::kw_cluster_issuer => "`cluster-issuer`",
        Rule::kw_issuer => "`issuer`",
        Rule::kw_expose => "`expose`",
        Rule::kw_at => "`at`",
        Rule::kw_any => "`any`",
        Rule::kw_host => "`host`",
        Rule::kw_path => "`path`",
        Rule::kw_exact => "`exact`",
        Rule::kw_plain => "`plain`",
        Rule::kw_passthrough => "`passthrough`",
        Rule::kw_secret => "`secret`",
        Rule::kw_backend => "`backend`",
        Rule::kw_unverified => "`unverified`",
        Rule::kw_name => "`name`",
        Rule::kw_with => "`with`",
        Rule::kw_redirect => "`redirect`",
        Rule::kw_role => "`role`",
        Rule::kw_joins => "`joins`",
        Rule::kw_joined => "`joined`",
        Rule::kw_by => "`by`",
        Rule::kw_can => "`can`",
        Rule::kw_named => "`named`",
        Rule::kw_url => "`url`",
        Rule::kw_grant => "`grant`",
        Rule::kw_group => "`group`",
        Rule::kw_user => "`user`",
        Rule::kw_resource => "`resource`",
        Rule::kw_audit => "`audit`",
        Rule::kw_log => "`log`",
        Rule::kw_ignore => "`ignore`",
        Rule::kw_omit => "`omit`",
        Rule::kw_stage => "`stage`",
        Rule::kw_metadata => "`metadata`",
        Rule::kw_request => "`request`",
        Rule::kw_request_response => "`request-response`",
        Rule::kw_encrypt => "`encrypt`",
        Rule::kw_kms => "`kms`",
        Rule::kw_assert => "`assert`",
        Rule::kw_only => "`only`",
        Rule::kw_nobody => "`nobody`",
        Rule::kw_isolated => "`isolated`",
        Rule::kw_template => "`template`",
        Rule::kw_use => "`use`",
        Rule::kw_include => "`include`",
        Rule::kw_unanalysed => "`unanalysed`",
        Rule::kw_edition => "`edition`",
        Rule::kw_privileged => "`privileged`",
        Rule::kw_baseline => "`baseline`",
        Rule::kw_restricted => "`restricted`",
        Rule::WHITESPACE
        | Rule::alnum
        | Rule::we
        | Rule::word
        | Rule::value
        | Rule::v4
        | Rule::v6
        | Rule::ending
        | Rule::clause
        | Rule::condition
        | Rule::values
        | Rule::allow
        | Rule::deny
        | Rule::flow
        | Rule::isolate
        | Rule::isolated_peers
        | Rule::namespace
        | Rule::namespaces
        | Rule::state
        | Rule::labels
        | Rule::pod_security
        | Rule::workload_label
        | Rule::workload
        | Rule::select
        | Rule::declare_ports
        | Rule::service
        | Rule::service_account
        | Rule::declare_peers
        | Rule::everywhere
        | Rule::require
        | Rule::hosts
        | Rule::cluster
        | Rule::account
        | Rule::cloud_account
        | Rule::digits_first
        | Rule::joint
        | Rule::conditions
        | Rule::end
        | Rule::kubernetes
        | Rule::enforce
        | Rule::provider
        | Rule::controller
        | Rule::pod_ranges
        | Rule::service_ranges
        | Rule::node_ranges
        | Rule::ranges
        | Rule::dns
        | Rule::api_server
        | Rule::identity
        | Rule::certificates
        | Rule::default_authority
        | Rule::external_traffic
        | Rule::delegate
        | Rule::delegated
        | Rule::authority
        | Rule::self_signed
        | Rule::acme
        | Rule::email
        | Rule::existing
        | Rule::expose
        | Rule::exposed_port
        | Rule::host
        | Rule::at_path
        | Rule::exposed_tls
        | Rule::secret
        | Rule::signed_by
        | Rule::backend
        | Rule::with
        | Rule::annotation
        | Rule::redirect
        | Rule::mutual
        | Rule::role
        | Rule::can
        | Rule::objects
        | Rule::urls
        | Rule::url
        | Rule::resources
        | Rule::grant
        | Rule::subjects
        | Rule::subject
        | Rule::resource
        | Rule::audit
        | Rule::log
        | Rule::ignore
        | Rule::omit
        | Rule::requests
        | Rule::encrypt
        | Rule::assertion
        | Rule::asserted
        | Rule::template
        | Rule::use_template
        | Rule::arguments
        | Rule::argument
        | Rule::include
        | Rule::edition => return None,
    })
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn list(words: &[&str], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// The same with each word in backquotes.
pub(super) fn quoted_list<'a>(words: impl IntoIterator<Item = &'a str>, last: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    list(&words, last)
}
