// Package batch is the conversation of a judge that answers many requests: a line of JSON in, a line of JSON out.
package batch

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Run reads one request a line and writes one response a line, in the same order, until the stream ends. Each
// response is written out before the next line is read, so that a caller may wait for it. A request that cannot be
// answered gets {"error": "…"} as its response; only a stream that cannot be read or written ends with an error.
func Run[Response any](in io.Reader, out io.Writer, answer func(line []byte) (Response, error)) error {
	reader := bufio.NewReader(in)
	encoder := json.NewEncoder(out)
	for {
		line, err := reader.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(line) > 0 {
			if err := encoder.Encode(respond(line, answer)); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

func respond[Response any](line []byte, answer func([]byte) (Response, error)) any {
	response, err := answer(line)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return response
}

// Decode reads a request. A field that it does not have is an error.
func Decode(line []byte, request any) error {
	decoder := json.NewDecoder(strings.NewReader(string(line)))
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	return decoder.Decode(request)
}
