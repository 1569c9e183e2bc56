<?php
/**
 * Plugin Name:       Preference widget
 * Description:       Shows your preference form in a block, and people who are signed in their own.
 * Version:           1.0.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * Author:            the preference-widget developers
 * License:           MIT
 * License URI:       https://opensource.org/licenses/MIT
 * Text Domain:       preference-widget
 * Domain Path:       /languages
 */

namespace PreferenceWidget;

defined( 'ABSPATH' ) || exit;

/** The option with the settings, and the metadata of a user with the handle. */
const OPTION = 'preference_widget';
const HANDLE = 'preference_handle';

/** The text of the link in each language of the form. The first is for all other languages. */
const WORDS = array(
	'en' => 'Choose how to hear from us',
	'sq' => 'Zgjidhni si t’ju kontaktojmë',
	'ar' => 'اختيار طريقة التواصل',
);

// Before the others, which say things at the same moment.
add_action( 'init', function () {
	load_plugin_textdomain( 'preference-widget', false, basename( __DIR__ ) . '/languages' );
} );

require __DIR__ . '/includes/signing.php';
require __DIR__ . '/includes/settings.php';
require __DIR__ . '/includes/form.php';
require __DIR__ . '/includes/account.php';
require __DIR__ . '/includes/handles.php';
