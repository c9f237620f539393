// W(n) as a Jsonnet user would write it: one NetworkPolicy a flow and side.
local policy(ns, name, spec) = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: name, namespace: ns },
  spec: spec,
};
local labels(set) = { matchLabels: set };
local app(name) = labels({ app: name });
local podsOf(ns, set) = {
  namespaceSelector: labels({ 'kubernetes.io/metadata.name': ns }),
  podSelector: labels(set),
};
local tcp(number) = [{ protocol: 'TCP', port: number }];
local egress(ns, name, subject, peer, ports) = policy(ns, name, {
  podSelector: subject,
  policyTypes: ['Egress'],
  egress: [{ to: [peer], ports: ports }],
});
local ingress(ns, name, subject, peer, ports) = policy(ns, name, {
  podSelector: subject,
  policyTypes: ['Ingress'],
  ingress: [{ from: [peer], ports: ports }],
});

{
  team(t):: [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: t.name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    policy(t.name, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    egress(t.name, 'allow-dns', {}, podsOf('kube-system', { 'k8s-app': 'kube-dns' }), [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ]),
    ingress(t.name, 'allow-ingress-controller-to-frontend', app('frontend'), podsOf('ingress-nginx', { app: 'ingress-nginx' }), tcp(8080)),
  ] + std.flatMap(function(c) [
    egress(t.name, 'allow-%s-to-%s-egress' % [c.src, c.dst], app(c.src), { podSelector: app(c.dst) }, tcp(c.port)),
    ingress(t.name, 'allow-%s-to-%s-ingress' % [c.src, c.dst], app(c.dst), { podSelector: app(c.src) }, tcp(c.port)),
  ], t.inside) + std.flatMap(function(c) [
    egress(t.name, 'allow-%s-to-%s-%s-egress' % [c.src, c.ns, c.dst], app(c.src), podsOf(c.ns, { app: c.dst }), tcp(c.port)),
    ingress(c.ns, 'allow-%s-%s-to-%s-ingress' % [t.name, c.src, c.dst], app(c.dst), podsOf(t.name, { app: c.src }), tcp(c.port)),
  ], t.across),
}
