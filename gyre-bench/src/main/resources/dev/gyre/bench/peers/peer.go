// Go: a goroutine for each connection; echoes go out together when nothing is left to read.
package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
)

const blockSize = 16 * 1024

func echoLines(client net.Conn) {
	defer client.Close()
	in := bufio.NewReaderSize(client, 8*1024)
	out := bufio.NewWriterSize(client, 8*1024)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return
		}
		if _, err = out.Write(line); err != nil {
			return
		}
		if in.Buffered() == 0 {
			if out.Flush() != nil {
				return
			}
		}
	}
}

func echoBlocks(client net.Conn) {
	defer client.Close()
	block := make([]byte, blockSize)
	for {
		if _, err := io.ReadFull(client, block); err != nil {
			return
		}
		if _, err := client.Write(block); err != nil {
			return
		}
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	serve := echoLines
	if os.Args[1] == "blocks" {
		serve = echoBlocks
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("listens on %s\n", listener.Addr())
	for {
		client, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go serve(client)
	}
}
