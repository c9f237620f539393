package rbac

import (
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	internal "k8s.io/kubernetes/pkg/apis/rbac"
	conversion "k8s.io/kubernetes/pkg/apis/rbac/v1"
	"k8s.io/kubernetes/pkg/apis/rbac/validation"
	resolver "k8s.io/kubernetes/pkg/registry/rbac/validation"
	authorizerrbac "k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
	"sigs.k8s.io/yaml"

	"polc.dev/conformance/internal/manifest"
)

// objects is what the manifests hold of RBAC; other kinds grant nothing and are passed over.
type objects struct {
	roles               []*rbacv1.Role
	clusterRoles        []*rbacv1.ClusterRole
	roleBindings        []*rbacv1.RoleBinding
	clusterRoleBindings []*rbacv1.ClusterRoleBinding
	refused             []string
}

const group = "rbac.authorization.k8s.io"

func load(documents []manifest.Document) (*objects, error) {
	all := &objects{refused: []string{}}
	for _, document := range documents {
		if err := all.add(document.Text); err != nil {
			return nil, fmt.Errorf("%s: %w", document.Position(), err)
		}
	}
	return all, nil
}

func (o *objects) add(text []byte) error {
	var header manifest.Header
	if err := yaml.Unmarshal(text, &header); err != nil {
		return err
	}
	if header.Kind == "List" {
		var list struct{ Items []any }
		if err := yaml.Unmarshal(text, &list); err != nil {
			return err
		}
		for _, item := range list.Items {
			text, err := yaml.Marshal(item)
			if err != nil {
				return err
			}
			if err := o.add(text); err != nil {
				return err
			}
		}
		return nil
	}
	if header.APIVersion == group+"/v1" {
		return o.decode(text, header)
	}
	if len(header.APIVersion) > len(group) && header.APIVersion[:len(group)] == group {
		o.refused = append(o.refused, header.ID()+": no such version")
	}
	return nil
}

// decode reads an object, gives it the API server's defaults, and keeps it if the API server's validation does.
func (o *objects) decode(text []byte, header manifest.Header) error {
	switch header.Kind {
	case "Role":
		return keep(o, text, header, &o.roles, nil, conversion.Convert_v1_Role_To_rbac_Role, validation.ValidateRole)
	case "ClusterRole":
		validate := func(role *internal.ClusterRole) field.ErrorList {
			return validation.ValidateClusterRole(role, validation.ClusterRoleValidationOptions{})
		}
		return keep(o, text, header, &o.clusterRoles, nil, conversion.Convert_v1_ClusterRole_To_rbac_ClusterRole, validate)
	case "RoleBinding":
		return keep(o, text, header, &o.roleBindings, conversion.SetObjectDefaults_RoleBinding, conversion.Convert_v1_RoleBinding_To_rbac_RoleBinding, validation.ValidateRoleBinding)
	case "ClusterRoleBinding":
		return keep(o, text, header, &o.clusterRoleBindings, conversion.SetObjectDefaults_ClusterRoleBinding, conversion.Convert_v1_ClusterRoleBinding_To_rbac_ClusterRoleBinding, validation.ValidateClusterRoleBinding)
	}
	return nil
}

func (o *objects) authorizer() authorizer.Authorizer {
	_, static := resolver.NewTestRuleResolver(o.roles, o.roleBindings, o.clusterRoles, o.clusterRoleBindings)
	return union.New(
		authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup),
		authorizerrbac.New(static, static, static, static),
	)
}
