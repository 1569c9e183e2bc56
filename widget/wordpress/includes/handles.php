<?php
/* The handles of all users at once, from the table that “preference-widget links” has written. */

namespace PreferenceWidget;

add_action( 'admin_post_preference_widget_handles', function () {
	check_admin_referer( 'preference_widget_handles' );
	if ( ! current_user_can( 'edit_users' ) ) {
		wp_die( '', '', array( 'response' => 403 ) );
	}
	$file   = isset( $_FILES['links']['tmp_name'] ) ? $_FILES['links']['tmp_name'] : '';
	$counts = $file && is_uploaded_file( $file ) ? set_handles( $file ) : array( 'handles' => -1 );
	wp_safe_redirect( add_query_arg( $counts, admin_url( 'options-general.php?page=preference-widget' ) ) );
	exit;
} );

/**
 * How many users have got the handle of the row with their number, and how many rows were left out
 * because their link is of another site. -1 users stand for another kind of file.
 *
 * Never by an address: people may write that of another into their account, and WordPress asks
 * nobody (its REST interface). Nor by a name, which is free again once its user is deleted.
 */
function set_handles( $path ) {
	$file    = fopen( $path, 'r' );
	$columns = fgetcsv( $file, 0, ',', '"', '' );
	$columns = $columns ? array_flip( preg_replace( '/^\xEF\xBB\xBF/', '', array_map( 'strval', $columns ) ) ) : array();
	$is_ours = isset( $columns['user_id'], $columns['preferences_url'] );
	$counts  = array( 'handles' => $is_ours ? 0 : -1, 'foreign' => 0 );
	while ( $is_ours && ( $row = fgetcsv( $file, 0, ',', '"', '' ) ) ) {
		list( $site, $handle ) = named_in( (string) ( $row[ $columns['preferences_url'] ] ?? '' ) );
		if ( $handle && site() !== $site ) {
			++$counts['foreign'];
			continue;
		}
		$number = trim( (string) ( $row[ $columns['user_id'] ] ?? '' ) );
		$user   = preg_match( '/^[1-9][0-9]{0,18}$/D', $number ) ? get_userdata( (int) $number ) : false;
		if ( $handle && $user ) {
			update_user_meta( $user->ID, HANDLE, $handle );
			++$counts['handles'];
		}
	}
	fclose( $file );
	return $counts;
}

/** Users who have lost their handle with their address, and have got no other. */
function without_handle() {
	$lost = array( array( 'key' => HANDLE, 'value' => '' ) );
	return count( get_users( array( 'meta_query' => $lost, 'fields' => 'ID' ) ) );
}

/** What came of a file, where one was sent. */
function notice( $count, $foreign ) {
	if ( $count < 0 ) {
		$words = __( 'Choose the file that “preference-widget links” has written. It has the columns user_id and preferences_url.', 'preference-widget' );
		printf( '<div class="notice notice-error"><p>%s</p></div>', esc_html( $words ) );
		return;
	}
	printf( '<div class="notice notice-%s">', $foreign ? 'warning' : 'success' );
	count_line( __( 'Users whose handle is known from this file:', 'preference-widget' ), $count );
	if ( $foreign ) {
		count_line( __( 'Rows that were left out because their link is of another site than the one in the settings:', 'preference-widget' ), $foreign );
	}
	echo '</div>';
}

function count_line( $words, $count ) {
	printf( '<p>%s %s</p>', esc_html( $words ), esc_html( (string) $count ) );
}

function handles_form() {
	if ( isset( $_GET['handles'] ) ) {
		notice( (int) $_GET['handles'], (int) ( $_GET['foreign'] ?? 0 ) );
	}
	if ( without_handle() ) {
		count_line( __( 'Users who have lost their handle because their email address was changed:', 'preference-widget' ), without_handle() );
	}
	?>
	<form action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" method="post" enctype="multipart/form-data">
	<?php wp_nonce_field( 'preference_widget_handles' ); ?>
	<input type="hidden" name="action" value="preference_widget_handles">
	<p><label for="preference-widget-links"><?php esc_html_e( 'Handles of all users by their number in WordPress: the CSV file that “preference-widget links” has written from a table with the columns email and user_id', 'preference-widget' ); ?></label></p>
	<p class="description"><?php esc_html_e( 'The table must come from a system that has verified the addresses. Do not take the addresses from WordPress: people can enter the address of somebody else there, and would see that person’s preferences.', 'preference-widget' ); ?></p>
	<p><input type="file" name="links" id="preference-widget-links" accept=".csv,text/csv"></p>
	<?php submit_button( __( 'Take the handles', 'preference-widget' ), 'secondary', 'take' ); ?>
	</form>
	<?php
}
