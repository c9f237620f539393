package surface

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
)

// Path is the module that holds the API server.
const Path = "k8s.io/kubernetes"

var released = regexp.MustCompile(`^v(1\.[0-9]+)\.[0-9]+$`)

// Module is one version of it, unpacked.
type Module struct {
	Version, Dir, Sum string
}

// Fetch has the go command find a version, which it downloads if it is not in its cache (18 to 21 MB, 110 MB unpacked).
// No go.mod is read or written.
func Fetch(version string) (Module, error) {
	if !released.MatchString(version) {
		return Module{}, fmt.Errorf("%q is not a version like v1.34.4", version)
	}
	command := exec.Command("go", "mod", "download", "-json", Path+"@"+version)
	command.Dir = os.TempDir()
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	var errors bytes.Buffer
	command.Stderr = &errors
	output, err := command.Output()
	if err != nil {
		return Module{}, fmt.Errorf("go mod download %s@%s: %w: %s%s", Path, version, err, output, errors.String())
	}
	var module Module
	if err := json.Unmarshal(output, &module); err != nil {
		return Module{}, err
	}
	return module, nil
}

// Release is `1.34`.
func (m Module) Release() string {
	return released.FindStringSubmatch(m.Version)[1]
}
