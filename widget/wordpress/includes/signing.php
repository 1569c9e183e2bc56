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

/** The site and the handle in a link that the preference centre has made; both '' in anything else. */
function named_in( $text ) {
	if ( preg_match( '~/[a-z]/([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{43}~', $text, $parts ) ) {
		$link = json_decode( (string) base64_decode( strtr( $parts[1], '-_', '+/' ) ), true );
		if ( is_array( $link ) && is_string( $link['s'] ?? null ) && is_handle( $link['p'] ?? null ) ) {
			return array( $link['s'], $link['p'] );
		}
	}
	return array( '', '' );
}

/** The handle in a link of this site, or in a handle itself; '' in anything else. */
function handle_in( $text, $site ) {
	if ( is_handle( trim( $text ) ) ) {
		return trim( $text );
	}
	list( $its_site, $handle ) = named_in( $text );
	return $its_site === $site ? $handle : '';
}

function is_handle( $value ) {
	return is_string( $value ) && preg_match( '/^[0-9a-f]{32}$/D', $value );
}

function base64url( $bytes ) {
	return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
}
