using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>What one guardrail does within a scope. A new setting is one property here, with its annotation; see <see cref="SettingAttribute"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GuardrailRule
{
    /// <summary>Most words and patterns of a rule.</summary>
    public const int MaxPatterns = 200;

    /// <summary>Longest word or pattern, in characters.</summary>
    public const int MaxPatternLength = 500;

    /// <summary>Longest time that looking may take, in milliseconds.</summary>
    public const int MaxTimeLimitMs = 5_000;

    /// <summary>How long looking may take where the rule says nothing, in milliseconds. Looking takes a few ms for 100 KB; the rest is for a machine that is busy otherwise.</summary>
    public const int DefaultTimeLimitMs = 2_000;

    /// <summary>Longest time that a request waits for a decision, in hours: 30 days.</summary>
    public const int MaxQuarantineHours = 720;

    /// <summary>How long it waits where the rule says nothing, in hours.</summary>
    public const int DefaultQuarantineHours = 24;

    /// <summary>Longest schema, in characters.</summary>
    public const int MaxSchemaLength = 64 * 1024;

    /// <summary>The least share of supported statements where the rule says nothing.</summary>
    public const double DefaultMinShare = 0.7;

    /// <summary>Longest time that a judge may take, in milliseconds.</summary>
    public const int MaxJudgeTimeLimitMs = 60_000;

    /// <summary>How long a judge may take where the rule says nothing, in milliseconds.</summary>
    public const int DefaultJudgeTimeLimitMs = 10_000;

    /// <summary>What a list of permitted media types holds where two scopes share none; no file has it.</summary>
    public const string NoMediaType = "none/none";

    /// <summary>One of <see cref="GuardrailLevels"/>.</summary>
    public string Level { get; init; } = "";

    /// <summary>What becomes of a prompt; one of <see cref="GuardrailActions"/>, null = the guardrail's own (<see cref="GuardrailActions.DefaultOf"/>).</summary>
    [Setting("In prompts", AtFlag = false, Choices = ["flag=Count it", "mask=Mask it", "reroute=Send it to a restricted model", "quarantine=Keep it for a reviewer", "block=Block the request"])]
    public string? Action { get; init; }

    /// <summary>With <see cref="GuardrailActions.Reroute"/>: the logical model that the request goes to instead. Required there.</summary>
    [Setting("Restricted model", AtFlag = false, When = "action=reroute", IsModel = true, Unset = "", Hint = "Where such requests go; without its fallbacks, and nowhere else.")]
    public string? RestrictedModel { get; init; }

    /// <summary>With <see cref="GuardrailActions.Quarantine"/>: hours until a request that nobody released counts as rejected, 1 to <see cref="MaxQuarantineHours"/>; null = <see cref="DefaultQuarantineHours"/>.</summary>
    [Setting("Rejected after, hours", AtFlag = false, When = "action=quarantine", Min = 1, Max = MaxQuarantineHours, Unset = "24", Hint = "Unless a reviewer decides before.")]
    public int? QuarantineHours { get; init; }

    /// <summary>What becomes of a reply; one of <see cref="GuardrailActions.OfReplies"/>, null = replies are not looked at.</summary>
    [Setting("In replies", AtFlag = false, Unset = "Do not look", Choices = ["flag=Count it", "mask=Mask it", "block=End the reply"])]
    public string? ReplyAction { get; init; }

    /// <summary>With <see cref="GuardrailActions.Mask"/>: whether placeholders in the reply become what they stand for again; null = they do.</summary>
    [Setting("Restore in the reply", AtFlag = false, When = "action=mask", Hint = "the caller sees what it sent, the provider a placeholder")]
    public bool? Restore { get; init; }

    /// <summary>One of <see cref="GuardrailFailPolicies"/>; null = closed.</summary>
    [Setting("Where it cannot look to the end", Rare = true, Choices = ["closed=Refuse the request", "open=Let it through"])]
    public string? OnError { get; init; }

    /// <summary>How long looking at one request may take, 1 to <see cref="MaxTimeLimitMs"/> ms; null = <see cref="DefaultTimeLimitMs"/>.</summary>
    [Setting("Time limit, ms", Rare = true, Min = 1, Max = MaxTimeLimitMs, Unset = "2000")]
    public int? TimeLimitMs { get; init; }

    /// <summary>Types of findings that do not count, such as <c>IP_ADDRESS</c>; null = all count.</summary>
    [Setting("Types that do not count", Rare = true, MaxItems = 100, MaxLength = 64, Unset = "", Hint = "Separated by commas, as the gateway's refusal names them: IP_ADDRESS, URL.")]
    public string[]? ExceptTypes { get; init; }

    /// <summary>Of banned patterns: words and phrases, found whatever their case.</summary>
    [Setting("Words and phrases", 1, Of = [GuardrailNames.BannedPatterns], Lines = true, MaxItems = MaxPatterns, MaxLength = MaxPatternLength, Hint = "One a line; found whatever their case, where they stand by themselves.")]
    public string[]? Words { get; init; }

    /// <summary>Of banned patterns: regular expressions of .NET without back references and look-around.</summary>
    [Setting("Patterns", 2, Of = [GuardrailNames.BannedPatterns], Lines = true, MaxItems = MaxPatterns, MaxLength = MaxPatternLength, Unset = "", Hint = @"Regular expressions, one a line, such as PRJ-\d{4}; without back references and look-around.")]
    public string[]? Patterns { get; init; }

    /// <summary>Of <see cref="GuardrailNames.ReplyFormat"/>: the JSON schema (draft 2020-12) that replies must keep to, as JSON text, beside what a request promises itself; null = only what requests promise.</summary>
    [Setting("JSON schema", Of = [GuardrailNames.ReplyFormat], Lines = true, MaxLength = MaxSchemaLength, Unset = "", Hint = "Draft 2020-12. Replies must be JSON by it; empty = only what requests ask for.")]
    public string? Schema { get; init; }

    /// <summary>Of <see cref="GuardrailNames.ReplyFormat"/>: what becomes of a reply in another form, one <see cref="InvalidReplySteps"/> after the other until one helps; null = <see cref="InvalidReplySteps.Default"/>.</summary>
    [Setting("When a reply is in another form", Of = [GuardrailNames.ReplyFormat], AtFlag = false, MaxItems = InvalidReplySteps.Most, Unset = "Ask again, then an error", Choices = ["retry=Ask again", "repair=Have the model correct it", "fallback=Ask the next deployment", "error=Give up with an error"], Hint = "In this order until one helps; each answer is paid for.")]
    public string[]? OnInvalid { get; init; }

    /// <summary>Of <see cref="GuardrailNames.Groundedness"/>: the least share of a reply's statements that its context must support, 0 to 1; null = <see cref="DefaultMinShare"/>.</summary>
    [Setting("Least share of supported statements", Of = [GuardrailNames.Groundedness], Min = 0, Max = 1, Unset = "0.7")]
    public double? MinShare { get; init; }

    /// <summary>Of <see cref="GuardrailNames.Groundedness"/>: a model of the organisation that is asked for the share instead; null = words are compared in the gateway.</summary>
    [Setting("Judge", Of = [GuardrailNames.Groundedness], MaxLength = 200, IsModel = true, Unset = "Compare words", Hint = "A model that is asked for the share instead.")]
    public string? JudgeModel { get; init; }

    /// <summary>How long that model may take, 100 to <see cref="MaxJudgeTimeLimitMs"/> ms; null = <see cref="DefaultJudgeTimeLimitMs"/>.</summary>
    [Setting("Judge's time limit, ms", Of = [GuardrailNames.Groundedness], Rare = true, Min = 100, Max = MaxJudgeTimeLimitMs, Unset = "10000")]
    public int? JudgeTimeLimitMs { get; init; }

    /// <summary>Of limits of prompts: most characters of all texts of a request together, at least 1.</summary>
    [Setting("Characters, at most", Of = [GuardrailNames.PromptLimits], Min = 1, Unset = "")]
    public int? MaxCharacters { get; init; }

    /// <summary>Of limits of prompts: most messages of a conversation, or entries of a list of inputs, at least 1.</summary>
    [Setting("Messages, at most", Of = [GuardrailNames.PromptLimits], Min = 1, Unset = "")]
    public int? MaxMessages { get; init; }

    /// <summary>Of limits of prompts: the only languages that users may write, of <see cref="LanguageCodes"/>; null = any.</summary>
    [Setting("Only these languages", Of = [GuardrailNames.PromptLimits], MaxLength = 2, Unset = "", Hint = "Two-letter codes of what users write, separated by commas: en, de.")]
    public string[]? Languages { get; init; }

    /// <summary>Of limits of prompts: languages that users may not write, of <see cref="LanguageCodes"/>.</summary>
    [Setting("Not these languages", Of = [GuardrailNames.PromptLimits], MaxLength = 2, Unset = "", Hint = "Two-letter codes, separated by commas.")]
    public string[]? DeniedLanguages { get; init; }

    /// <summary>Of media: the largest item, in KB of 1,024 bytes, at least 1.</summary>
    [Setting("Size of each, KB, at most", Of = [GuardrailNames.Media], Min = 1, Unset = "")]
    public int? MaxMediaKb { get; init; }

    /// <summary>Of media: most items of a request; 0 = none at all.</summary>
    [Setting("How many, at most", Of = [GuardrailNames.Media], Unset = "", Hint = "Of a whole conversation; 0 allows none.")]
    public int? MaxMedia { get; init; }

    /// <summary>Of media: most pixels of a picture, width times height, at least 1.</summary>
    [Setting("Pixels of a picture, at most", Of = [GuardrailNames.Media], Min = 1, Unset = "", Hint = "Width times height.")]
    public int? MaxPixels { get; init; }

    /// <summary>Of media: what becomes of the place where a picture was taken; one of <see cref="MediaLocations"/>, null = it leaves.</summary>
    [Setting("Where a picture was taken", Of = [GuardrailNames.Media], Unset = "Let it leave", Choices = ["strip=Take it out", "find=Count it as found"], Hint = "GPS in EXIF or XMP of JPEG, PNG, WebP, HEIC, TIFF.")]
    public string? MediaLocation { get; init; }

    /// <summary>Of media: the only types that may leave, told by the bytes; of <see cref="Guardrails.MediaTypes"/>. Null = any.</summary>
    [Setting("Only these types", Of = [GuardrailNames.Media], MaxItems = Guardrails.MediaTypes.Most, MaxLength = 64, Unset = "", Hint = "Told by the bytes, separated by commas: image/*, application/pdf.")]
    public string[]? MediaTypes { get; init; }

    /// <summary>Of media: whether an address or an id of a file may stand for its bytes, which nobody here sees; null = it may.</summary>
    [Setting("Addresses of pictures", Of = [GuardrailNames.Media], Hint = "a provider fetches them itself, nothing here can look at them")]
    public bool? AllowRemote { get; init; }

    /// <summary>Of topics: what users may not talk about, of <see cref="TopicNames"/> and <see cref="OwnTopics"/>.</summary>
    [Setting("Not these topics", Of = [GuardrailNames.Topics], MaxItems = TopicNames.Most, MaxLength = OwnTopic.MaxName, Unset = "", Hint = "Separated by commas: politics, religion, health, law, investing, gambling, relationships, sports, entertainment, programming, cooking, travel, or your own.")]
    public string[]? DeniedTopics { get; init; }

    /// <summary>Of topics: what alone users may talk about, of <see cref="TopicNames"/> and <see cref="OwnTopics"/>; null = anything that is not denied.</summary>
    [Setting("Only these topics", Of = [GuardrailNames.Topics], MaxItems = TopicNames.Most, MaxLength = OwnTopic.MaxName, Unset = "", Hint = "A message about another topic that is known is off topic.")]
    public string[]? AllowedTopics { get; init; }

    /// <summary>Of topics: topics of the tenant's own, each as <see cref="OwnTopic"/>.</summary>
    [Setting("Topics of your own", Of = [GuardrailNames.Topics], Lines = true, MaxItems = OwnTopic.Most, MaxLength = OwnTopic.MaxLength, Unset = "", Hint = "One a line: competitors: Globex, Initech*, !acme corp. Two different words make a topic possible; one behind ! is enough.")]
    public string[]? OwnTopics { get; init; }

    /// <summary>Of external checks: names of the organisation's <see cref="GuardrailCheck"/>s that are asked; at most <see cref="GuardrailCheck.MaxOfRule"/>.</summary>
    [Setting("Checks", 3, Of = [GuardrailNames.ExternalChecks], Lines = true, MaxItems = GuardrailCheck.MaxOfRule, MaxLength = 100, Hint = "Names of checks, one a line; see the view Checks.")]
    public string[]? Checks { get; init; }
}

/// <summary>How strict a guardrail is.</summary>
public static class GuardrailLevels
{
    /// <summary>It does not look.</summary>
    public const string Off = "off";

    /// <summary>It looks as at <see cref="Standard"/> and only counts.</summary>
    public const string Flag = "flag";

    /// <summary>It acts on what is likely.</summary>
    public const string Standard = "standard";

    /// <summary>It acts on what is possible, too.</summary>
    public const string Strict = "strict";

    /// <summary>All of them, by strictness.</summary>
    public static readonly IReadOnlyList<string> All = [Off, Flag, Standard, Strict];

    /// <summary>Those that a team or a key may have as the least for its requests, whatever policies say.</summary>
    public static readonly IReadOnlyList<string> Floors = [Standard, Strict];

    /// <summary>The stricter of two, of which either may be missing.</summary>
    public static string? Stricter(string? one, string? other) =>
        one is null || (other is not null && Rank(other) > Rank(one)) ? other : one;

    private static int Rank(string level)
    {
        for (var i = All.Count - 1; i > 0; i--)
            if (All[i] == level) return i;
        return 0;
    }
}

/// <summary>What a guardrail does with what it finds.</summary>
public static class GuardrailActions
{
    /// <summary>Counts it.</summary>
    public const string Flag = "flag";

    /// <summary>Puts a placeholder in its place.</summary>
    public const string Mask = "mask";

    /// <summary>Sends the request to the rule's restricted model. Of prompts only.</summary>
    public const string Reroute = "reroute";

    /// <summary>Refuses the request and keeps it, until a reviewer lets it pass once. Of prompts only.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Refuses the request, or ends the reply.</summary>
    public const string Block = "block";

    /// <summary>All of them, by strictness.</summary>
    public static readonly IReadOnlyList<string> All = [Flag, Mask, Reroute, Quarantine, Block];

    /// <summary>Those that a reply may meet, by strictness.</summary>
    public static readonly IReadOnlyList<string> OfReplies = [Flag, Mask, Block];

    /// <summary>What a guardrail does where its rule names no action.</summary>
    public static string DefaultOf(string guardrail) => GuardrailDescription.Of(guardrail)?.DefaultAction ?? Block;
}

/// <summary>What becomes of a request when a guardrail cannot say anything about it.</summary>
public static class GuardrailFailPolicies
{
    /// <summary>It is refused.</summary>
    public const string Closed = "closed";

    /// <summary>It goes on.</summary>
    public const string Open = "open";

    /// <summary>Both.</summary>
    public static readonly IReadOnlyList<string> All = [Closed, Open];
}
