<?php
// Signs each line of its input with signing.php, whose path is the argument.
require $argv[1];
const NAMES = ['key', 'purpose', 'url', 'site', 'person', 'language', 'campaign', 'topic', 'generation'];
while (($line = fgets(STDIN)) !== false) {
    $cells = explode("\t", rtrim($line, "\n"));
    $link = array_combine(NAMES, array_slice($cells, 0, count(NAMES)));
    $now = (int) end($cells);
    $token = PreferenceWidget\sign($link['key'], $link['purpose'], $link, $now);
    echo PreferenceWidget\address($link['url'], $link['purpose'], $token), "\n";
}
