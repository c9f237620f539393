//! Objects as k8s-openapi's types, for programs that have a Kubernetes client.

use k8s_openapi::Resource;
use serde::de::DeserializeOwned;

use super::Object;

impl Object {
    /// The object as one of Kubernetes' types: none if it is of another kind or version.
    ///
    /// It goes through the YAML that is written for everybody else, so that there is one
    /// form of an object and not two.
    ///
    /// ```
    /// # use polc::{Files, Options, SourceFile};
    /// use k8s_openapi::api::networking::v1::NetworkPolicy;
    /// # let policy = SourceFile { name: "p.polc".into(), text: "namespace payments isolate".into() };
    /// # let compilation = polc::compile(Files { policies: vec![policy], ..Files::default() }, &Options::default());
    /// let policies: Vec<NetworkPolicy> = compilation.objects.iter().filter_map(|output| output.object.to_kubernetes()).collect();
    /// # assert!(!policies.is_empty());
    /// ```
    #[must_use]
    pub fn to_kubernetes<T: Resource + DeserializeOwned>(&self) -> Option<T> {
        if T::API_VERSION != self.api_version() || T::KIND != self.kind() {
            return None;
        }
        let mut yaml = String::new();
        self.write_yaml(&mut yaml);
        serde_saphyr::from_str(&yaml).ok()
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::api::core::v1::Namespace;
    use k8s_openapi::api::networking::v1::NetworkPolicy;

    use crate::{Files, Options, SourceFile, compile};

    #[test]
    fn objects_are_of_the_kind_they_say_and_of_no_other() {
        let text = "namespace payments isolate { allow 203.0.113.0/24 -> pods 8000-8100 }";
        let policies = vec![SourceFile { name: "p.polc".into(), text: text.into() }];
        let compilation = compile(Files { policies, ..Files::default() }, &Options::default());
        let of = |kind| compilation.objects.iter().filter(|output| output.object.kind() == kind).count();
        let policies: Vec<NetworkPolicy> = compilation.objects.iter().filter_map(|output| output.object.to_kubernetes()).collect();
        let namespaces: Vec<Namespace> = compilation.objects.iter().filter_map(|output| output.object.to_kubernetes()).collect();
        assert_eq!((policies.len(), namespaces.len()), (of("NetworkPolicy"), of("Namespace")));
        let blocks =
            policies.iter().filter_map(|policy| policy.spec.as_ref()?.ingress.as_ref()?.first()?.from.as_ref()?.first()?.ip_block.as_ref());
        assert_eq!(blocks.map(|block| block.cidr.as_str()).collect::<Vec<_>>(), ["203.0.113.0/24"]);
    }
}
