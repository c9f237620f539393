// Package numorstring stands in for an absent package that nothing here uses.
package numorstring
