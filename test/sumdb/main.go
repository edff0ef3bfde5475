// A checksum database on loopback that answers for whatever the GOPROXY directory $1 has, under the name $2: golang.org/x/mod/sumdb's own server. It prints its verifier
// key and its address, and then serves until standard input ends.
package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb"
	"golang.org/x/mod/sumdb/dirhash"
	"golang.org/x/mod/sumdb/note"
)

// sums returns the go.sum lines of a module from the files of a GOPROXY directory.
func sums(directory, path, version string) ([]byte, error) {
	escaped, err := module.EscapePath(path)
	if err != nil {
		return nil, err
	}
	base := directory + "/" + escaped + "/@v/" + version
	zip, err := dirhash.HashZip(base+".zip", dirhash.Hash1)
	if err != nil {
		return nil, err
	}
	mod, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(base + ".mod") })
	if err != nil {
		return nil, err
	}
	return []byte(fmt.Sprintf("%s %s %s\n%s %s/go.mod %s\n", path, version, zip, path, version, mod)), nil
}

func main() {
	directory := strings.TrimPrefix(os.Args[1], "file://")
	private, public, err := note.GenerateKey(rand.Reader, os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	server := sumdb.NewServer(sumdb.NewTestServer(private, func(path, version string) ([]byte, error) {
		return sums(directory, path, version)
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(public)
	fmt.Println("http://" + listener.Addr().String())
	go func() { log.Fatal(http.Serve(listener, server)) }()
	io.Copy(io.Discard, os.Stdin)
}
