<?php
// Signs links as the preference centre does: PHP 8.0 or later, without extensions.
// signing.md explains each step. Run it on your server only: anyone who has the key can open
// everybody’s choices.

declare(strict_types=1);

namespace PreferenceWidget;

// The path of each purpose, and how many seconds its links work. Unsubscribe links never expire.
const PURPOSES = [
    'preferences' => ['p', 180 * 86400],
    'questions' => ['q', 180 * 86400],
    'unsubscribe' => ['u', null],
    'one-click' => ['o', null],
    'embed' => ['e', 15 * 60],
];

/**
 * A token for one purpose. $link holds 'site' and 'person', and may hold 'language', 'campaign',
 * 'topic' and 'generation'. $now is in seconds since 1970.
 */
function sign(string $key, string $purpose, array $link, ?int $now = null): string
{
    [, $lives] = of_purpose($purpose);
    $content = array_filter([
        's' => $link['site'],
        'p' => $link['person'],
        'l' => $link['language'] ?? null,
        'c' => $link['campaign'] ?? null,
        't' => $link['topic'] ?? null,
        'g' => (int) ($link['generation'] ?? 0),
        'x' => $lives ? ($now ?? time()) + $lives : null,
    ], fn ($value) => $value !== null && $value !== '' && $value !== 0);
    $options = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
    $payload = base64url(json_encode($content, $options));
    $keyOfPurpose = hash_hmac('sha256', "preference-widget/$purpose", $key, true);
    return $payload . '.' . base64url(hash_hmac('sha256', $payload, $keyOfPurpose, true));
}

/** The address of a token; $url is the `url` of the site file. */
function address(string $url, string $purpose, string $token): string
{
    return $url . '/' . of_purpose($purpose)[0] . '/' . $token;
}

function of_purpose(string $purpose): array
{
    return PURPOSES[$purpose] ?? throw new \InvalidArgumentException("$purpose is not for senders");
}

function base64url(string $binary): string
{
    return rtrim(strtr(base64_encode($binary), '+/', '-_'), '=');
}
