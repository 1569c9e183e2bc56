// Signs each line of its input with signing.go, beside which it is built.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), "\t")
		generation, _ := strconv.Atoi(cells[8])
		now, _ := strconv.ParseInt(cells[9], 10, 64)
		link := Link{cells[3], cells[4], cells[5], cells[6], cells[7], generation}
		token, err := Sign(cells[0], cells[1], link, time.Unix(now, 0))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(Address(cells[2], cells[1], token))
	}
}
