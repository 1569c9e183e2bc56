# Signs each line of its input with signing.rb, whose path is the argument.
require ARGV.shift
STDIN.each_line(chomp: true) do |line|
  key, purpose, url, site, person, language, campaign, topic, generation, now = line.split("\t", -1)
  link = { site:, person:, language:, campaign:, topic:, generation: generation.to_i }
  token = PreferenceWidget.sign(key, purpose, link, now.to_i)
  puts PreferenceWidget.address(url, purpose, token)
end
