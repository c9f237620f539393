// Stands in for Calico's API module, which the Go proxy does not have. Nothing of it is built: only a test helper
// beside Calico's selector parser imports these packages, and go mod tidy wants to see them.
module github.com/projectcalico/api

go 1.23
