// Signs links as the preference centre does: .NET Framework 4.6, Mono, or any .NET since, without
// packages. signing.md explains each step. Run it on your server only: anyone who has the key can
// open everybody’s choices.

using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;

namespace PreferenceWidget
{
    /// <summary>What a link says. Site and Person are needed; what is empty is left out.</summary>
    public class Link
    {
        public string Site, Person, Language, Campaign, Topic;
        public int Generation;
    }

    public static class Signing
    {
        const long Day = 86400;

        // The path of each purpose, and how many seconds its links work: 0 never expires.
        static readonly Dictionary<string, KeyValuePair<string, long>> Purposes =
            new Dictionary<string, KeyValuePair<string, long>>
            {
                ["preferences"] = new KeyValuePair<string, long>("p", 180 * Day),
                ["questions"] = new KeyValuePair<string, long>("q", 180 * Day),
                ["unsubscribe"] = new KeyValuePair<string, long>("u", 0),
                ["one-click"] = new KeyValuePair<string, long>("o", 0),
                ["embed"] = new KeyValuePair<string, long>("e", 15 * 60),
            };

        /// <summary>A token for one purpose. `now` is in seconds since 1970.</summary>
        public static string Sign(string key, string purpose, Link link, long now)
        {
            var lives = Purposes[purpose].Value;
            var content = new List<string> { Text("s", link.Site), Text("p", link.Person) };
            if (!string.IsNullOrEmpty(link.Language)) content.Add(Text("l", link.Language));
            if (!string.IsNullOrEmpty(link.Campaign)) content.Add(Text("c", link.Campaign));
            if (!string.IsNullOrEmpty(link.Topic)) content.Add(Text("t", link.Topic));
            if (link.Generation > 0) content.Add("\"g\":" + link.Generation);
            if (lives > 0) content.Add("\"x\":" + (now + lives));
            var payload = Base64Url(Bytes("{" + string.Join(",", content) + "}"));
            var keyOfPurpose = Digest(Bytes(key), "preference-widget/" + purpose);
            return payload + "." + Base64Url(Digest(keyOfPurpose, payload));
        }

        /// <summary>The address of a token; `url` is the `url` of the site file.</summary>
        public static string Address(string url, string purpose, string token)
        {
            return url + "/" + Purposes[purpose].Key + "/" + token;
        }

        // A member of a JSON object. What a link says holds no control characters.
        static string Text(string name, string value)
        {
            return "\"" + name + "\":\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
        }

        static byte[] Digest(byte[] key, string message)
        {
            using (var mac = new HMACSHA256(key)) return mac.ComputeHash(Bytes(message));
        }

        static byte[] Bytes(string text) { return new UTF8Encoding(false).GetBytes(text); }

        static string Base64Url(byte[] binary)
        {
            return Convert.ToBase64String(binary).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        }
    }
}
