<?php
/* What WordPress has of what the recipe calls: it notes what it is told, and escapes as WordPress does. */
error_reporting( E_ALL );
set_error_handler( function ( $level, $what ) { throw new ErrorException( $what ); } );
$told = json_decode( TOLD, true );
$seen = array( 'registered' => array(), 'enqueued' => array(), 'routes' => array() );
$hooks = $shortcodes = $routes = array();

function add_action( $name, $do ) { global $hooks; $hooks[ $name ][] = $do; }
function add_shortcode( $name, $do ) { global $shortcodes; $shortcodes[ $name ] = $do; }
function shortcode_atts( $usual, $given ) { return array_intersect_key( $given, $usual ) + $usual; }
function wp_register_script_module( $id, $src, $needs, $version ) { global $seen; $seen['registered'][ $id ] = $src; }
function wp_enqueue_script_module( $id ) { global $seen; $seen['enqueued'][] = $id; }
function plugins_url( $path, $file ) { return 'https://shop.example/wp-content/plugins/' . $path; }
function get_locale() { return 'sq_AL'; }
function is_user_logged_in() { global $told; return $told['user'] !== 0; }
function get_current_user_id() { global $told; return $told['user']; }
function get_user_meta( $user, $key, $single ) { global $told; return $key === 'preference_handle' ? $told['handle'] : ''; }
function rest_url( $path ) { return 'https://shop.example/wp-json/' . $path; }
function wp_create_nonce( $what ) { return 'nonce-of-' . $what; }
function esc_url( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_html( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function register_rest_route( $space, $path, $options ) { global $routes; $routes[ $space . $path ] = $options; }
class WP_REST_Response {
	public function __construct( public $data, public $status, public $headers ) {}
}
