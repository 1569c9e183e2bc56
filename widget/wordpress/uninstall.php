<?php
/* Deleting the plugin takes its settings and the handles of users with it, on each site of a network. */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

$preference_widget_sites = is_multisite() ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( 0 );
foreach ( $preference_widget_sites as $preference_widget_site ) {
	$preference_widget_site && switch_to_blog( $preference_widget_site );
	delete_option( 'preference_widget' );
	$preference_widget_site && restore_current_blog();
}
delete_metadata( 'user', 0, 'preference_handle', '', true );
