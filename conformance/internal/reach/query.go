package reach

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Query is one question: may source ("namespace/name" or an address) open a connection to destination?
type Query struct {
	Source, Destination string
	Port                Port
}

// NewQuery makes a question of its four parts: source, destination, protocol, port number.
func NewQuery(parts []string) (Query, error) {
	const columns = 4
	if len(parts) != columns {
		return Query{}, fmt.Errorf("want source, destination, protocol and port, got %d columns", len(parts))
	}
	port, err := newPort(parts[2], parts[3])
	if err != nil {
		return Query{}, err
	}
	return Query{Source: parts[0], Destination: parts[1], Port: port}, nil
}

// ReadQueries reads one question a line, its parts separated by tabs.
func ReadQueries(name string, stream io.Reader) ([]Query, error) {
	var queries []Query
	scanner := bufio.NewScanner(stream)
	for line := 1; scanner.Scan(); line++ {
		query, err := NewQuery(strings.Split(scanner.Text(), "\t"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		queries = append(queries, query)
	}
	return queries, scanner.Err()
}

// Ask answers one question.
func (j *Judge) Ask(query Query) (Answer, error) {
	source, err := j.find(query.Source)
	if err != nil {
		return Answer{}, err
	}
	destination, err := j.find(query.Destination)
	if err != nil {
		return Answer{}, err
	}
	return Answer{query.Source, query.Destination, query.Port, j.allows(source, destination, query.Port)}, nil
}
