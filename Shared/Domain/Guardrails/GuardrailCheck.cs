namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>A service outside of the gateway that looks at texts, or reads pictures and sounds: a moderation endpoint, a model that judges, an entity recogniser, a service of one's own.</summary>
public sealed class GuardrailCheck
{
    /// <summary>Most checks of an organisation.</summary>
    public const int MaxOfOrganisation = 50;

    /// <summary>Most checks that a rule names.</summary>
    public const int MaxOfRule = 8;

    /// <summary>Longest wait for an answer, in milliseconds.</summary>
    public const int MaxTimeLimitMs = 30_000;

    /// <summary>The wait where none is set, in milliseconds.</summary>
    public const int DefaultTimeLimitMs = 1_500;

    /// <summary>Longest text that may be sent, in characters.</summary>
    public const int MaxMaxCharacters = 1_000_000;

    /// <summary>Longest text that is sent where no length is set, in characters.</summary>
    public const int DefaultMaxCharacters = 50_000;

    /// <summary>UUIDv7; also bound into the secret's encryption.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Name by which rules name it; unique in the organisation.</summary>
    public required string Name { get; set; }

    /// <summary>How it is spoken to; of <see cref="GuardrailCheckKinds"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>The whole address that is posted to.</summary>
    public required string Url { get; set; }

    /// <summary>The model that it is asked for; of moderations and chat.</summary>
    public string? Model { get; set; }

    /// <summary>Whether it may be in a private network or on the gateway's machine.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>The bearer token, or the secret that signs, in the envelope of <see cref="Data.SecretBox"/>; null = none.</summary>
    public byte[]? SecretEnvelope { get; set; }

    /// <summary>How long an answer is waited for, 1 to <see cref="MaxTimeLimitMs"/> ms.</summary>
    public int TimeLimitMs { get; set; } = DefaultTimeLimitMs;

    /// <summary>What becomes of a text that it cannot say anything about; of <see cref="GuardrailFailPolicies"/>.</summary>
    public string OnError { get; set; } = GuardrailFailPolicies.Closed;

    /// <summary>What it looks at; of <see cref="GuardrailCheckTexts"/>.</summary>
    public string AppliesTo { get; set; } = GuardrailCheckTexts.Prompts;

    /// <summary>Longest text that it can look at, 1 to <see cref="MaxMaxCharacters"/> characters; of a longer one it says nothing.</summary>
    public int MaxCharacters { get; set; } = DefaultMaxCharacters;

    /// <summary>Regions in which it processes; a request that is bound to regions goes to it only if all of these are allowed, and there are some.</summary>
    public string[] Regions { get; set; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; set; }
}

/// <summary>How checks are spoken to.</summary>
public static class GuardrailCheckKinds
{
    /// <summary>An endpoint like OpenAI's <c>/v1/moderations</c>.</summary>
    public const string Moderations = "moderations";

    /// <summary>A chat model that answers <c>safe</c>, or <c>unsafe</c> and a line of categories, as Llama Guard does.</summary>
    public const string Chat = "chat";

    /// <summary>A service of the tenant's own.</summary>
    public const string Webhook = "webhook";

    /// <summary>An entity recogniser like Presidio's analyzer.</summary>
    public const string Presidio = "presidio";

    /// <summary>A service that reads pictures and documents; what it reads is looked at as a prompt is.</summary>
    public const string Ocr = "ocr";

    /// <summary>An endpoint like OpenAI's <c>/v1/audio/transcriptions</c>; what it hears is looked at as a prompt is.</summary>
    public const string Transcription = "transcription";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Moderations, Chat, Webhook, Presidio, Ocr, Transcription];

    /// <summary>Whether it reads pictures or sounds rather than looking at texts.</summary>
    public static bool ReadsMedia(string kind) => kind is Ocr or Transcription;

    /// <summary>Whether a model may be named in its requests.</summary>
    public static bool TakesModel(string kind) => kind is Chat or Moderations or Transcription;

    /// <summary>Whether a model is named in its requests.</summary>
    public static bool NeedsModel(string kind) => kind is Chat;
}

/// <summary>What checks look at.</summary>
public static class GuardrailCheckTexts
{
    /// <summary>What leaves.</summary>
    public const string Prompts = "prompts";

    /// <summary>What comes back.</summary>
    public const string Replies = "replies";

    /// <summary>Both.</summary>
    public const string Both = "both";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Prompts, Replies, Both];
}
