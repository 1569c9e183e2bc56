<?php
/* The settings: where the preference centre is, and which site of it. The key is in wp-config.php. */

namespace PreferenceWidget;

function setting( $name ) {
	$settings = get_option( OPTION );
	return is_array( $settings ) && isset( $settings[ $name ] ) ? $settings[ $name ] : '';
}

function url() {
	return setting( 'url' );
}

function site() {
	return setting( 'site' );
}

function is_ready() {
	return url() && site();
}

/** What signs links; '' if wp-config.php has none. Not among the options: those are in every backup. */
function key_of_site() {
	return defined( 'PREFERENCES_KEY' ) ? PREFERENCES_KEY : '';
}

add_action( 'admin_menu', function () {
	$name = __( 'Preference widget', 'preference-widget' );
	add_options_page( $name, $name, 'manage_options', 'preference-widget', __NAMESPACE__ . '\page' );
} );
add_action( 'admin_init', function () {
	register_setting( OPTION, OPTION, array( 'sanitize_callback' => __NAMESPACE__ . '\checked' ) );
	add_settings_section( 'main', '', '__return_null', 'preference-widget' );
	add_settings_field(
		'url', __( 'Address of your preference centre', 'preference-widget' ), __NAMESPACE__ . '\field', 'preference-widget', 'main',
		array( 'name' => 'url', 'example' => 'https://prefs.example', 'label_for' => 'preference-widget-url' )
	);
	add_settings_field(
		'site', __( 'Name of your site there', 'preference-widget' ), __NAMESPACE__ . '\field', 'preference-widget', 'main',
		array( 'name' => 'site', 'example' => 'dimora', 'label_for' => 'preference-widget-site' )
	);
} );

function field( $field ) {
	printf(
		'<input name="%s[%s]" id="%s" class="regular-text code" dir="ltr" value="%s"><p class="description">%s</p>',
		esc_attr( OPTION ),
		esc_attr( $field['name'] ),
		esc_attr( $field['label_for'] ),
		esc_attr( setting( $field['name'] ) ),
		esc_html__( 'Example:', 'preference-widget' ) . ' <bdi>' . esc_html( $field['example'] ) . '</bdi>'
	);
}

/** What is saved of a form: a value that is wrong is named, and the old one stays. */
function checked( $sent ) {
	$url  = untrailingslashit( trim( (string) ( $sent['url'] ?? '' ) ) );
	$site = trim( (string) ( $sent['site'] ?? '' ) );
	if ( ! preg_match( '~^(https://[a-z0-9.-]+|http://(127\.0\.0\.1|localhost))(:\d+)?(/[a-z0-9/._-]*)?$~Di', $url ) ) {
		add_settings_error( OPTION, 'url', __( 'The address must begin with https:// and have nothing after “?” or “#”. The old one stays.', 'preference-widget' ) );
		$url = url();
	}
	if ( ! preg_match( '/^[a-z0-9-]{1,64}$/D', $site ) ) {
		add_settings_error( OPTION, 'site', __( 'The name is the id in the site file: small Latin letters, digits and hyphens. The old one stays.', 'preference-widget' ) );
		$site = site();
	}
	return array( 'url' => $url, 'site' => $site );
}

/** It finds its direction itself: WordPress turns round only where its own Arabic is installed. */
function page() {
	?>
	<div class="wrap" dir="auto">
	<h1><?php esc_html_e( 'Preference widget', 'preference-widget' ); ?></h1>
	<form action="options.php" method="post">
	<?php
	settings_fields( OPTION );
	do_settings_sections( 'preference-widget' );
	submit_button();
	?>
	</form>
	<p><?php esc_html_e( 'Then add the block “Preference form” to a page. Your site file must list the origin of this website:', 'preference-widget' ); ?>
	<code dir="ltr">origins = ["<?php echo esc_html( origin() ); ?>"]</code></p>
	<h2><?php esc_html_e( 'People who are signed in', 'preference-widget' ); ?></h2>
	<p><?php echo key_of_site() ? esc_html__( 'The key is in wp-config.php. A person whose handle is in their profile gets their own form.', 'preference-widget' ) : esc_html__( 'They get the form for everyone. To give them their own, put the key that signs links into wp-config.php:', 'preference-widget' ); ?></p>
	<?php if ( ! key_of_site() ) : ?>
	<p><code dir="ltr">define( 'PREFERENCES_KEY', '…' );</code></p>
	<?php
	endif;
	if ( current_user_can( 'edit_users' ) ) {
		handles_form();
	}
	?>
	</div>
	<?php
}

/** The origin of this website, as browsers send it. */
function origin() {
	$parts = wp_parse_url( home_url() );
	return $parts['scheme'] . '://' . $parts['host'] . ( isset( $parts['port'] ) ? ':' . $parts['port'] : '' );
}
