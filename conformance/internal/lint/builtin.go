package lint

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/apis/admissionregistration"
	admissionvalidation "k8s.io/kubernetes/pkg/apis/admissionregistration/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/rbac"
	rbacvalidation "k8s.io/kubernetes/pkg/apis/rbac/validation"
	podsecurity "k8s.io/pod-security-admission/api"
)

// judgeBuiltIn does what the API server does with a request to create an object of a built-in kind.
func (l *Linter) judgeBuiltIn(gvk schema.GroupVersionKind, text []byte) []string {
	object, _, err := l.codecs.UniversalDeserializer().Decode(text, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		return []string{fmt.Sprintf("no judge for %s %s", gvk.GroupVersion(), gvk.Kind)}
	}
	if err != nil {
		return []string{err.Error()}
	}
	l.scheme.Default(object)
	version := schema.GroupVersion{Group: gvk.Group, Version: runtime.APIVersionInternal}
	internal, err := l.scheme.ConvertToVersion(object, version)
	if err != nil {
		return []string{err.Error()}
	}
	errs, judged := validate(internal)
	if !judged {
		return []string{fmt.Sprintf("no judge for %s %s", gvk.GroupVersion(), gvk.Kind)}
	}
	return texts(errs)
}

// validate runs the server's own validation; the second value is false for a kind that is decoded but not judged.
func validate(object runtime.Object) (field.ErrorList, bool) {
	switch object := object.(type) {
	case *networking.NetworkPolicy:
		options := networkingvalidation.ValidationOptionsForNetworking(object, nil)
		return networkingvalidation.ValidateNetworkPolicy(object, options), true
	case *admissionregistration.ValidatingAdmissionPolicy:
		return admissionvalidation.ValidateValidatingAdmissionPolicy(object), true
	case *admissionregistration.ValidatingAdmissionPolicyBinding:
		return admissionvalidation.ValidateValidatingAdmissionPolicyBinding(object), true
	case *networking.Ingress:
		return networkingvalidation.ValidateIngressCreate(object), true
	case *core.Namespace:
		return append(corevalidation.ValidateNamespace(object), validatePodSecurity(object)...), true
	case *core.Pod:
		return corevalidation.ValidatePodCreate(object, corevalidation.PodValidationOptions{}), true
	case *core.Service:
		return corevalidation.ValidateServiceCreate(object), true
	case *core.ServiceAccount:
		return corevalidation.ValidateServiceAccount(object), true
	case *core.ConfigMap:
		return corevalidation.ValidateConfigMap(object), true
	}
	return validateAccess(object)
}

// validateAccess does the same for roles and bindings.
func validateAccess(object runtime.Object) (field.ErrorList, bool) {
	switch object := object.(type) {
	case *rbac.Role:
		return rbacvalidation.ValidateRole(object), true
	case *rbac.ClusterRole:
		return rbacvalidation.ValidateClusterRole(object, rbacvalidation.ClusterRoleValidationOptions{}), true
	case *rbac.RoleBinding:
		return rbacvalidation.ValidateRoleBinding(object), true
	case *rbac.ClusterRoleBinding:
		return rbacvalidation.ValidateClusterRoleBinding(object), true
	}
	return nil, false
}

// validatePodSecurity checks the labels that the server's PodSecurity admission plugin reads from a namespace.
func validatePodSecurity(namespace *core.Namespace) field.ErrorList {
	_, errs := podsecurity.PolicyToEvaluate(namespace.Labels, podsecurity.Policy{})
	return errs
}

func texts(errs field.ErrorList) []string {
	var messages []string
	for _, err := range errs {
		messages = append(messages, err.Error())
	}
	return messages
}
