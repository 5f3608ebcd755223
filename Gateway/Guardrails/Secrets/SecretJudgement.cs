using System.Buffers;

namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Whether the value beside a name is a secret, and which kind of it.</summary>
internal static class SecretJudgement
{
    private const int LeastPassword = 6, MostPassword = 128, LeastKey = 12, LeastWeakKey = 24, AwsSecretLength = 40, AzureKeyLength = 88, Window = 80;

    private static readonly SearchValues<char> Signs = SearchValues.Create("!@#$%^&*?+=~§€");

    /// <summary>The score of a value; 0 = no secret.</summary>
    /// <param name="name">The whole name.</param>
    /// <param name="value">Where the value stands.</param>
    /// <param name="text">The text.</param>
    /// <param name="kind">What the name says.</param>
    public static double Score(ReadOnlySpan<char> name, in AssignedValue value, ReadOnlySpan<char> text, SecretNameKind kind)
    {
        var content = text.Slice(value.Start, value.Length);
        if (content.Length < LeastPassword || Placeholders.IsOne(content) || Placeholders.IsWord(content) || IsCode(content, value.IsQuoted) || IsHash(content)) return 0;
        if (kind == SecretNameKind.Password) return IsPassword(name, content, value) ? value.IsAssigned ? 0.85 : 0.7 : 0;
        if (!IsKeyLike(text, value.Start, content, kind)) return kind == SecretNameKind.Key && value.IsAssigned && IsShortSecret(name, content) ? 0.65 : 0;
        return value.IsAssigned ? 0.85 : content.Length >= LeastKey + 4 ? 0.7 : 0;
    }

    /// <summary>Whether a value looks as a key does.</summary>
    public static bool IsKeyLike(ReadOnlySpan<char> text, int start, ReadOnlySpan<char> value, SecretNameKind kind)
    {
        if (value.Contains(' ') || value.IndexOf("://") >= 0 || Placeholders.IsOne(value) || IsHash(value)) return false;
        // A digest is named as one, mostly at once before it.
        var before = text[Math.Max(0, start - 24)..start];
        if (SecretValue.IsHex(value) && (SecretNames.IsOther(before) || before.IndexOf("md5", StringComparison.OrdinalIgnoreCase) >= 0)) return false;
        if (kind != SecretNameKind.WeakKey) return SecretValue.LooksRandom(value, LeastKey) && (value.Length >= 16 || SecretValue.Classes(value) is { Digits: > 1 });
        var (digits, upper, lower) = SecretValue.Classes(value);
        if (digits < 2 || SecretValue.IsHex(value) && value.Length != 32) return false;
        return SecretValue.LooksRandom(value, LeastWeakKey) && (upper > 2 && lower > 2 || (value.Length >= 32 && digits > 3));
    }

    /// <summary>The type of a finding.</summary>
    public static string TypeOf(ReadOnlySpan<char> text, ReadOnlySpan<char> name, in AssignedValue value, SecretNameKind kind)
    {
        var end = value.Start + value.Length;
        var nameStart = Math.Max(0, value.Start - name.Length - 4);
        if (kind == SecretNameKind.Password)
            return end < text.Length && text[end] == ';' && !value.IsQuoted || text[nameStart..value.Start].Contains(';') ? SecretTypes.ConnectionString : SecretTypes.Password;
        var before = text[Math.Max(0, value.Start - Window)..value.Start];
        if (value.Length == AwsSecretLength && (before.IndexOf("aws", StringComparison.OrdinalIgnoreCase) >= 0 || before.IndexOf("AKIA") >= 0 || before.IndexOf("secretaccesskey", StringComparison.OrdinalIgnoreCase) >= 0 || before.IndexOf("secret_access_key", StringComparison.OrdinalIgnoreCase) >= 0))
            return SecretTypes.AwsSecretKey;
        if ((value.Length == AzureKeyLength && text[end - 1] == '=') || before.IndexOf("sharedaccess", StringComparison.OrdinalIgnoreCase) >= 0 || name.Equals("sig", StringComparison.OrdinalIgnoreCase)) return SecretTypes.AzureKey;
        return VendorType(text, value.Start) ?? SecretTypes.GenericSecret;
    }

    /// <summary>The type of a key whose vendor is named before it; null when none is.</summary>
    public static string? VendorType(ReadOnlySpan<char> text, int start)
    {
        var before = text[Math.Max(0, start - Window)..start];
        foreach (var (vendor, type) in Vendors)
            if (before.IndexOf(vendor, StringComparison.OrdinalIgnoreCase) >= 0) return type;
        return null;
    }

    private static readonly (string Vendor, string Type)[] Vendors =
    [
        ("mistral", SecretTypes.ModelVendorKey), ("cohere", SecretTypes.ModelVendorKey), ("perplexity", SecretTypes.ModelVendorKey), ("openai", SecretTypes.ModelVendorKey), ("together", SecretTypes.ModelVendorKey), ("deepseek", SecretTypes.ModelVendorKey),
        ("datadog", SecretTypes.PlatformToken), ("dd_api", SecretTypes.PlatformToken), ("dd_app", SecretTypes.PlatformToken), ("cloudflare", SecretTypes.PlatformToken), ("heroku", SecretTypes.PlatformToken),
        ("twilio", SecretTypes.MessagingKey), ("mailgun", SecretTypes.MessagingKey), ("paypal", SecretTypes.PaymentToken), ("square", SecretTypes.PaymentToken), ("bitbucket", SecretTypes.AtlassianToken), ("nuget", SecretTypes.RegistryToken),
    ];

    private static bool IsPassword(ReadOnlySpan<char> name, ReadOnlySpan<char> value, in AssignedValue where)
    {
        if (value.Length > MostPassword || value.ContainsAny(' ', '\t')) return false;
        var (digits, upper, lower) = SecretValue.Classes(value);
        var letters = 0;
        foreach (var c in value)
            if (char.IsLetter(c)) letters++;
        if (digits + letters == 0 || HoldsItsName(value)) return false;
        var signs = value.Length - digits - letters;
        // All of it letters, perhaps with dashes: a word, unless an assignment says otherwise.
        if (digits == 0 && (signs == 0 || !value.ContainsAny(Signs)))
            return where.HasEquals && value.Length >= 8 && (where.IsQuoted || IsUpper(name)) || (where.IsAssigned && upper > 1 && lower > 1 && where.IsQuoted);
        if (letters == 0) return where.IsAssigned && digits >= 6 && !value.ContainsAny('.', '/', ':');
        // A sentence's words: "password: at least 8".
        return where.IsAssigned || signs > 0 || (digits > 0 && value.Length >= 8) || (upper > 0 && digits > 0);
    }

    // Such as "s3cr3t-Value!" as a client's secret: named as one, with digits, letters and a sign.
    private static bool IsShortSecret(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (name.IndexOf("secret", StringComparison.OrdinalIgnoreCase) < 0 || value.Length < 8 || value.Contains(' ') || HoldsItsName(value) || SecretValue.IsUuid(value) || value.IndexOf("://") >= 0) return false;
        var (digits, upper, lower) = SecretValue.Classes(value);
        return digits > 1 && upper > 0 && lower > 0 && value.ContainsAny(Signs);
    }

    private static bool IsUpper(ReadOnlySpan<char> name) => !name.ContainsAnyInRange('a', 'z');

    private static bool HoldsItsName(ReadOnlySpan<char> value) =>
        value.IndexOf("password", StringComparison.OrdinalIgnoreCase) is >= 0 and var at && !value.ContainsAny(Signs) && SecretValue.Classes(value).Digits < 2 && at >= 0
        || value.IndexOf("passwd", StringComparison.OrdinalIgnoreCase) >= 0 || value.StartsWith("secret", StringComparison.OrdinalIgnoreCase) && value.ContainsAny('.', '_', ':');

    // Calls, members and variables of source code.
    private static bool IsCode(ReadOnlySpan<char> value, bool quoted)
    {
        if (value[0] is '$' or '%' or '<' or '{' or '@' && (quoted || value.Length > 1) && value[0] != '@') return value[0] != '$' || !value.ContainsAnyInRange('0', '9') || value.ContainsAny('{', '(');
        if (quoted) return false;
        foreach (var owner in (ReadOnlySpan<string>)["settings.", "self.", "this.", "cfg.", "conf.", "app.", "ctx.", "context.", "req.", "request.", "options.", "opts.", "args.", "secrets.", "props.", "state.", "data.", "var.", "local."])
            if (value.StartsWith(owner)) return true;
        if (value.ContainsAny('(', '[') || value.StartsWith("process.") || value.StartsWith("os.") || value.StartsWith("env.") || value.StartsWith("config.")) return true;
        var dot = value.IndexOf('.');
        return dot > 0 && !value.ContainsAnyInRange('0', '9') && dot < value.Length - 1 && !value.ContainsAny(Signs);
    }

    // Digests and what is stored of passwords.
    private static bool IsHash(ReadOnlySpan<char> value) =>
        value.StartsWith("sha") && value.Length > 7 && value[6] is '-' or ':' || value.StartsWith("$2") || value.StartsWith("$argon2") || value.StartsWith("$6$") || value.StartsWith("data:") || value.StartsWith("arn:") || value.StartsWith("vault:") || value.StartsWith("ENC[");
}
