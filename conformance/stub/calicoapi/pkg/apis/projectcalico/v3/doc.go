// Package v3 stands in for an absent package that nothing here uses.
package v3
