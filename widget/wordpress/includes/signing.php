<?php
/* Signs links as signing.md says: the payload, a dot, and its signature with the key of the purpose. */

namespace PreferenceWidget;

/** A token for one purpose. `$until` is when it expires, in seconds since 1970. */
function token( $key, $purpose, $link, $until ) {
	$plain   = json_encode( $link + array( 'x' => $until ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	$payload = base64url( $plain );
	$own     = hash_hmac( 'sha256', 'preference-widget/' . $purpose, $key, true );
	return $payload . '.' . base64url( hash_hmac( 'sha256', $payload, $own, true ) );
}

/** The handle in a link that the preference centre has made, or in a handle itself; '' in anything else. */
function handle_in( $text ) {
	$text = trim( $text );
	if ( preg_match( '~/[a-z]/([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{43}~', $text, $parts ) ) {
		$link = json_decode( (string) base64_decode( strtr( $parts[1], '-_', '+/' ) ), true );
		$text = is_array( $link ) && is_string( $link['p'] ?? null ) ? $link['p'] : '';
	}
	return preg_match( '/^[0-9a-f]{32}$/D', $text ) ? $text : '';
}

function base64url( $bytes ) {
	return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
}
