<?php
/* The handles of all users at once, from the table that “preference-widget links” has written. */

namespace PreferenceWidget;

add_action( 'admin_post_preference_widget_handles', function () {
	check_admin_referer( 'preference_widget_handles' );
	if ( ! current_user_can( 'edit_users' ) ) {
		wp_die( '', '', array( 'response' => 403 ) );
	}
	$file  = isset( $_FILES['links']['tmp_name'] ) ? $_FILES['links']['tmp_name'] : '';
	$count = $file && is_uploaded_file( $file ) ? set_handles( $file ) : -1;
	wp_safe_redirect( add_query_arg( 'handles', $count, admin_url( 'options-general.php?page=preference-widget' ) ) );
	exit;
} );

/** How many users have got the handle of the row with their address; -1 for another kind of file. */
function set_handles( $path ) {
	$file    = fopen( $path, 'r' );
	$columns = fgetcsv( $file, 0, ',', '"', '' );
	$columns = $columns ? array_flip( preg_replace( '/^\xEF\xBB\xBF/', '', array_map( 'strval', $columns ) ) ) : array();
	$is_ours = isset( $columns['email'], $columns['preferences_url'] );
	$count   = $is_ours ? 0 : -1;
	while ( $is_ours && ( $row = fgetcsv( $file, 0, ',', '"', '' ) ) ) {
		$handle = handle_in( (string) ( $row[ $columns['preferences_url'] ] ?? '' ) );
		$user   = $handle ? get_user_by( 'email', trim( (string) ( $row[ $columns['email'] ] ?? '' ) ) ) : false;
		if ( $user ) {
			update_user_meta( $user->ID, HANDLE, $handle );
			++$count;
		}
	}
	fclose( $file );
	return $count;
}

function handles_form() {
	$count = isset( $_GET['handles'] ) ? (int) $_GET['handles'] : null;
	if ( null !== $count ) {
		printf(
			'<div class="notice notice-%s"><p>%s</p></div>',
			$count < 0 ? 'error' : 'success',
			$count < 0
				? esc_html__( 'Choose the file that “preference-widget links” has written. It has the columns email and preferences_url.', 'preference-widget' )
				: esc_html__( 'Users whose handle is known from this file:', 'preference-widget' ) . ' ' . esc_html( (string) $count )
		);
	}
	?>
	<form action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" method="post" enctype="multipart/form-data">
	<?php wp_nonce_field( 'preference_widget_handles' ); ?>
	<input type="hidden" name="action" value="preference_widget_handles">
	<p><label for="preference-widget-links"><?php esc_html_e( 'Handles of all users by their email address: the CSV file that “preference-widget links” has written', 'preference-widget' ); ?></label></p>
	<p><input type="file" name="links" id="preference-widget-links" accept=".csv,text/csv"></p>
	<?php submit_button( __( 'Take the handles', 'preference-widget' ), 'secondary', 'take' ); ?>
	</form>
	<?php
}
