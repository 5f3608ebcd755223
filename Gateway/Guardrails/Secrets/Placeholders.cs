using System.Buffers;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Tells what stands in the place of a secret: words such as your-key, rows of one character, variables, and the examples of documentation.</summary>
internal static class Placeholders
{
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["example", "your", "xxxx", "placeholder", "changeme", "change_me", "change-me", "dummy", "sample", "redacted", "insert", "replace", "todo", "fixme", "notreal", "not-real", "not_real", "fake", "-here", "_here", "masked", "hidden", "secret_key_here", "mysecret", "my-secret", "my_secret",
         "mypassword", "my-password", "my_password", "mytoken", "my-token", "my_token", "mykey", "my-key", "my_key", "****", "....", "----", "____", "0000000", "1111111", "1234567890", "0123456789", "abcdefgh", "aaaaaaaa", "deadbeef", "foobar", "testtest", "<", "{{", "${", "$(", "%(", "#{", "[your"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Whole = SearchValues.Create(
        ["none", "null", "nil", "true", "false", "undefined", "string", "password", "passwd", "secret", "token", "required", "optional", "empty", "default", "test", "admin", "str", "text", "env", "value", "hunter2", "qwerty"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a value is a placeholder.</summary>
    public static bool IsOne(ReadOnlySpan<char> value)
    {
        if (value.IsEmpty || value[0] is '$' && value.Length > 1 && (char.IsAsciiLetterUpper(value[1]) || value[1] is '{' or '(')) return true;
        if (value.ContainsAny(Words)) return true;
        return value.Length >= 6 && SecretValue.DistinctCount(value) <= 2 || IsSequence(value);
    }

    /// <summary>Whether a value is a word that stands where a password would, such as null or required.</summary>
    public static bool IsWord(ReadOnlySpan<char> value) => value.Length <= 12 && value.IndexOfAny(Whole) == 0 && !value.ContainsAnyInRange('0', '9');

    // Most characters are one more than the one before, or the same.
    private static bool IsSequence(ReadOnlySpan<char> value)
    {
        var steps = 0;
        for (var i = 1; i < value.Length; i++)
            if (value[i] - value[i - 1] is 0 or 1) steps++;
        return value.Length >= 8 && steps >= value.Length * 0.7;
    }
}
