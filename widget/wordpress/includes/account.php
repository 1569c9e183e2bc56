<?php
/* The embed link of the person who is signed in: a new one each time, never cached. */

namespace PreferenceWidget;

/** Seconds that a link may open the form, as the preference centre has it. */
const LIVES = 900;

add_action( 'rest_api_init', function () {
	register_rest_route( 'preference-widget/v1', '/link', array(
		'methods'             => 'GET',
		// WordPress takes nobody for signed in whose request has no valid nonce.
		'permission_callback' => 'is_user_logged_in',
		'callback'            => __NAMESPACE__ . '\account_link',
	) );
} );

function account_link() {
	defined( 'DONOTCACHEPAGE' ) || define( 'DONOTCACHEPAGE', true ); // what cache plugins obey
	$fresh = array( 'Cache-Control' => 'no-store' );
	// WordPress adds headers of its own for people who are signed in, before ours or after them.
	add_filter( 'nocache_headers', function () use ( $fresh ) {
		return $fresh;
	} );
	$handle = get_user_meta( get_current_user_id(), HANDLE, true );
	if ( ! $handle || ! is_ready() || ! key_of_site() ) {
		return new \WP_REST_Response( null, 404, $fresh );
	}
	$token = token( key_of_site(), 'embed', array( 's' => site(), 'p' => $handle ), time() + LIVES );
	return new \WP_REST_Response( array( 'src' => url() . '/e/' . $token ), 200, $fresh );
}

/* ── the handle of a user, for who may edit users ────────────────────────────────────────── */

add_action( 'edit_user_profile', __NAMESPACE__ . '\handle_field' );
add_action( 'show_user_profile', __NAMESPACE__ . '\handle_field' );
add_action( 'user_profile_update_errors', __NAMESPACE__ . '\check_handle', 10, 3 );
add_action( 'edit_user_profile_update', __NAMESPACE__ . '\save_handle' );
add_action( 'personal_options_update', __NAMESPACE__ . '\save_handle' );

function handle_field( $user ) {
	if ( ! current_user_can( 'edit_users' ) ) {
		return; // with the handle of another, people would see that person's preferences
	}
	?>
	<h2><?php esc_html_e( 'Preference widget', 'preference-widget' ); ?></h2>
	<table class="form-table" role="presentation"><tr>
		<th><label for="preference_handle"><?php esc_html_e( 'Handle', 'preference-widget' ); ?></label></th>
		<td><input name="preference_handle" id="preference_handle" class="regular-text code" dir="ltr"
			value="<?php echo esc_attr( get_user_meta( $user->ID, HANDLE, true ) ); ?>">
		<p class="description"><?php esc_html_e( 'Paste a link of this person that “preference-widget links” has written, or the handle in it.', 'preference-widget' ); ?></p>
		<?php if ( has_lost_handle( $user->ID ) ) : ?>
		<p class="description"><?php esc_html_e( 'The handle was removed because the email address of this user was changed. Paste it again only if you know that they are the same person.', 'preference-widget' ); ?></p>
		<?php endif; ?></td>
	</tr></table>
	<?php
}

function sent_handle() {
	// phpcs:ignore WordPress.Security.NonceVerification -- WordPress has checked that of the profile.
	return isset( $_POST['preference_handle'] ) ? sanitize_text_field( wp_unslash( $_POST['preference_handle'] ) ) : null;
}

function check_handle( $errors, $is_update, $user ) {
	$sent = sent_handle();
	if ( $sent && ! handle_in( $sent, site() ) ) {
		$errors->add( 'preference_handle', __( 'This is no handle, and no link of your site in the preference centre. The old one stays.', 'preference-widget' ) );
	}
}

function save_handle( $user ) {
	$sent = sent_handle();
	if ( null === $sent || ! current_user_can( 'edit_users' ) ) {
		return;
	}
	if ( '' === $sent ) {
		delete_user_meta( $user, HANDLE );
	} elseif ( handle_in( $sent, site() ) ) {
		update_user_meta( $user, HANDLE, handle_in( $sent, site() ) );
	}
}

/* ── a changed address ───────────────────────────────────────────────────────────────────── */

// Also where the form of a profile sends the handle with the new address: it is saved before this.
add_action( 'profile_update', function ( $user, $before ) {
	$has_moved = 0 !== strcasecmp( get_userdata( $user )->user_email, $before->user_email );
	if ( $has_moved && get_user_meta( $user, HANDLE, true ) ) {
		update_user_meta( $user, HANDLE, '' );
	}
}, 10, 2 );

/** Whether the handle went with the address. An empty one stands for that; others are deleted. */
function has_lost_handle( $user ) {
	return metadata_exists( 'user', $user, HANDLE ) && ! get_user_meta( $user, HANDLE, true );
}
