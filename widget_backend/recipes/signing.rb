# frozen_string_literal: true

# Signs links as the preference centre does, with nothing but Ruby’s own library: Ruby 2.7 or later.
# signing.md explains each step. Run it on your server only: anyone who has the key can open
# everybody’s choices.

require "json"
require "openssl"

module PreferenceWidget
  # The path of each purpose, and how many seconds its links work. Unsubscribe links never expire.
  PURPOSES = {
    "preferences" => ["p", 180 * 86_400],
    "questions" => ["q", 180 * 86_400],
    "unsubscribe" => ["u", nil],
    "one-click" => ["o", nil],
    "embed" => ["e", 15 * 60]
  }.freeze

  module_function

  # A token for one purpose. `link` holds :site and :person, and may hold :language, :campaign,
  # :topic and :generation. `now` is in seconds since 1970.
  def sign(key, purpose, link, now = Time.now.to_i)
    _, lives = PURPOSES.fetch(purpose)
    content = {
      s: link.fetch(:site),
      p: link.fetch(:person),
      l: link[:language],
      c: link[:campaign],
      t: link[:topic],
      g: link[:generation],
      x: lives && now.to_i + lives
    }.reject { |_, value| value.nil? || value == "" || value == 0 }
    payload = base64url(JSON.generate(content))
    key_of_purpose = OpenSSL::HMAC.digest("SHA256", key, "preference-widget/#{purpose}")
    "#{payload}.#{base64url(OpenSSL::HMAC.digest("SHA256", key_of_purpose, payload))}"
  end

  # The address of a token; `url` is the `url` of the site file.
  def address(url, purpose, token)
    "#{url}/#{PURPOSES.fetch(purpose).first}/#{token}"
  end

  def base64url(binary)
    [binary].pack("m0").tr("+/", "-_").delete("=")
  end
end
