<?php
/* The form in a page: as a block, and as [preference_widget] for themes without blocks. */

namespace PreferenceWidget;

add_action( 'init', function () {
	register_block_type( dirname( __DIR__ ) . '/block', array( 'render_callback' => __NAMESPACE__ . '\block' ) );
	wp_add_inline_script(
		'preference-widget-form-editor-script',
		'window.preferenceWidgetWords = ' . wp_json_encode( editor_words() ),
		'before'
	);
} );
add_shortcode( 'preference_widget', function ( $wishes ) {
	return form( shortcode_atts( array( 'lang' => '', 'mode' => '', 'view' => '', 'words' => '' ), $wishes ) );
} );
add_action( 'init', function () {
	wp_register_script( 'preference-widget', url() . '/widget/v1.js', array(), null, true );
	wp_register_script( 'preference-account', plugins_url( 'account.js', __DIR__ ), array(), null, true );
} );
add_filter( 'script_loader_tag', function ( $tag, $name ) {
	if ( ! in_array( $name, array( 'preference-widget', 'preference-account' ), true ) ) {
		return $tag;
	}
	return str_replace( '<script ', '<script type="module" ', preg_replace( '~ type=([\'"])text/javascript\1~', '', $tag ) );
}, 10, 2 );

function block( $wishes ) {
	$form = form( $wishes );
	return '' === $form ? '' : '<div ' . get_block_wrapper_attributes() . '>' . $form . '</div>';
}

/**
 * The element with its link, for everyone, or for the person who is signed in. Nothing in it opens
 * anybody's form: pages may be cached. Before the settings are filled in it is empty.
 */
function form( $wishes ) {
	if ( ! is_ready() ) {
		return '';
	}
	$wish  = $wishes['lang'] ? $wishes['lang'] : substr( get_locale(), 0, 2 );
	$lang  = isset( WORDS[ $wish ] ) ? $wish : array_keys( WORDS )[0];
	$page  = url() . '/s/' . site();
	$attributes = array( 'lang' => $lang, 'mode' => $wishes['mode'] );
	wp_enqueue_script( 'preference-widget' );
	if ( is_user_logged_in() && key_of_site() ) {
		wp_enqueue_script( 'preference-account' );
		$attributes['view']       = $wishes['view'];
		$attributes['data-link']  = rest_url( 'preference-widget/v1/link' );
		$attributes['data-nonce'] = wp_create_nonce( 'wp_rest' );
		$page                    .= '/link';
	} else {
		$attributes['src'] = $page;
	}
	$written = '';
	foreach ( array_filter( $attributes ) as $name => $value ) {
		$written .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	return sprintf(
		'<preference-widget%s><a href="%s"%s>%s</a></preference-widget>',
		$written,
		esc_url( "$page?lang=$lang" ),
		'dialog' === $wishes['mode'] ? ' aria-haspopup="dialog"' : '',
		esc_html( $wishes['words'] ? $wishes['words'] : WORDS[ $lang ] )
	);
}

/** What the editor says; scripts have no catalogs without a build. */
function editor_words() {
	return array(
		'settings'  => __( 'Preference form', 'preference-widget' ),
		'unset'     => __( 'Fill in Settings → Preference widget first.', 'preference-widget' ),
		'lang'      => __( 'Language', 'preference-widget' ),
		'page'      => __( 'That of the page', 'preference-widget' ),
		'mode'      => __( 'How it is shown', 'preference-widget' ),
		'inline'    => __( 'In the page', 'preference-widget' ),
		'dialog'    => __( 'In a dialog, behind the link', 'preference-widget' ),
		'prompt'    => __( 'As a small card that can be closed', 'preference-widget' ),
		'view'      => __( 'For people who are signed in', 'preference-widget' ),
		'all'       => __( 'Their preferences', 'preference-widget' ),
		'questions' => __( 'The short questions', 'preference-widget' ),
		'words'     => __( 'Text of the link', 'preference-widget' ),
	);
}
