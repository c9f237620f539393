package tiers

import (
	"errors"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"polc.dev/conformance/internal/selector"
)

// objects is what was read, not yet put together.
type objects struct {
	namespaces map[string]map[string]string // name to labels
	accounts   map[string]map[string]string // namespace/name to labels
	pods       map[string]*corev1.Pod       // by namespace/name
	sets       map[string]setObject         // by namespace/name
	tiers      map[string]*tier
	placed     []placedPolicy
	seen       map[string]bool // policies, by kind and full name
}

type setObject struct {
	namespace string
	networkSet
}

type placedPolicy struct {
	tier string
	*policy
}

// Orders of the built-in tiers, which are there without being given.
const (
	adminOrder    = 1000
	defaultOrder  = 1_000_000
	baselineOrder = 10_000_000
)

func newObjects() *objects {
	return &objects{
		namespaces: map[string]map[string]string{}, accounts: map[string]map[string]string{},
		pods: map[string]*corev1.Pod{}, sets: map[string]setObject{}, tiers: map[string]*tier{}, seen: map[string]bool{},
	}
}

func builtInTiers() []*tier {
	return []*tier{
		{name: adminTier, order: adminOrder, passes: true},
		{name: oldAdminTier, order: adminOrder, passes: true},
		{name: defaultTier, order: defaultOrder},
		{name: baselineTier, order: baselineOrder, passes: true},
		{name: oldBaselineTier, order: baselineOrder, passes: true},
	}
}

// addNamespace adds a namespace, or labels to a namespace already there. One label of two values is an error.
func (o *objects) addNamespace(namespace *corev1.Namespace) error {
	labels := o.namespaces[namespace.Name]
	if labels == nil {
		labels = map[string]string{}
		o.namespaces[namespace.Name] = labels
	}
	for key, value := range namespace.Labels {
		if old, ok := labels[key]; ok && old != value {
			return fmt.Errorf("label %s is %q in one object of this namespace and %q in another", key, old, value)
		}
	}
	maps.Copy(labels, namespace.Labels)
	labels[corev1.LabelMetadataName] = namespace.Name // set by the API server
	labels[selector.NameLabel] = namespace.Name       // by Calico
	return nil
}

func (o *objects) addAccount(account *corev1.ServiceAccount) error {
	name := account.Namespace + "/" + account.Name
	if account.Namespace == "" || account.Name == "" || o.accounts[name] != nil {
		return fmt.Errorf("%s has no namespace or is there twice", name)
	}
	o.accounts[name] = accountLabels(account.Labels, account.Name)
	return nil
}

func accountLabels(own map[string]string, name string) map[string]string {
	labels := map[string]string{}
	maps.Copy(labels, own)
	labels[selector.NameLabel] = name
	return labels
}

func (o *objects) addPod(pod *corev1.Pod) error {
	name := pod.Namespace + "/" + pod.Name
	if pod.Namespace == "" || pod.Name == "" || o.pods[name] != nil {
		return fmt.Errorf("%s has no namespace or no name, or is there twice", name)
	}
	if pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return fmt.Errorf("not covered: a pod that has ended (%s)", pod.Status.Phase)
	}
	o.pods[name] = pod
	return nil
}

func (o *objects) addTier(text []byte) error {
	object, err := decode[struct {
		Order         *float64 `json:"order"`
		DefaultAction *action  `json:"defaultAction"`
	}](text)
	if err != nil {
		return err
	}
	name := object.Metadata.Name
	given := &tier{name: name, order: defaultOrder}
	if object.Spec.Order != nil {
		given.order = *object.Spec.Order
	}
	if taken := object.Spec.DefaultAction; taken != nil {
		if *taken != deny && *taken != pass {
			return fmt.Errorf("spec.defaultAction: %q", *taken)
		}
		given.passes = *taken == pass
	}
	for _, builtIn := range builtInTiers() {
		if builtIn.name == name && (builtIn.order != given.order || builtIn.passes != given.passes) {
			return fmt.Errorf("tier %s is built in, with another order or default action", name)
		}
	}
	if o.tiers[name] != nil {
		return errors.New("this tier is there twice")
	}
	o.tiers[name] = given
	return nil
}

func (o *objects) addNetworkSet(text []byte) error {
	object, err := decode[struct {
		Nets []string `json:"nets"`
	}](text)
	if err != nil {
		return err
	}
	meta := object.Metadata
	if (meta.Namespace != "") != (object.Kind == "NetworkSet") {
		return errors.New("a NetworkSet has a namespace, a GlobalNetworkSet has none")
	}
	if _, ok := meta.Labels[selector.NamespaceLabel]; ok {
		return fmt.Errorf("label %s is Calico's own", selector.NamespaceLabel)
	}
	nets, err := parseNets(object.Spec.Nets)
	if err != nil {
		return fmt.Errorf("spec.nets: %w", err)
	}
	name := meta.Namespace + "/" + meta.Name
	if _, ok := o.sets[name]; ok {
		return errors.New("this set is there twice")
	}
	o.sets[name] = setObject{meta.Namespace, networkSet{meta.Labels, nets}}
	return nil
}

func (o *objects) addNetworkPolicy(text []byte) error {
	return addCalico(o, text, func(meta metav1.ObjectMeta, spec calicoNetworkPolicy) (string, *policy, error) {
		compiled, err := newNetworkPolicy(meta, spec)
		return spec.Tier, compiled, err
	})
}

func (o *objects) addGlobalNetworkPolicy(text []byte) error {
	return addCalico(o, text, func(meta metav1.ObjectMeta, spec globalNetworkPolicy) (string, *policy, error) {
		compiled, err := newGlobalNetworkPolicy(meta, spec)
		return spec.Tier, compiled, err
	})
}

func addCalico[Spec any](
	o *objects, text []byte, compile func(metav1.ObjectMeta, Spec) (string, *policy, error),
) error {
	object, err := decode[Spec](text)
	if err != nil {
		return err
	}
	tier, compiled, err := compile(object.Metadata, object.Spec)
	if err != nil {
		return err
	}
	if tier == "" {
		tier = defaultTier
	}
	return o.addPolicy(tier, compiled)
}

func (o *objects) addClusterPolicy(kind clusterKind, text []byte) error {
	object, err := decode[clusterPolicy](text)
	if err != nil {
		return err
	}
	compiled, tier, err := kind.compile(object.Metadata, object.Spec)
	if err != nil {
		return err
	}
	return o.addPolicy(tier, compiled)
}

func (o *objects) addPolicy(tier string, compiled *policy) error {
	if compiled.name == "" {
		return errors.New("a policy needs a name")
	}
	if o.seen[compiled.String()] {
		return fmt.Errorf("%s is there twice", compiled)
	}
	o.seen[compiled.String()] = true
	o.placed = append(o.placed, placedPolicy{tier, compiled})
	return nil
}
