using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Guardrails.Screening;

/// <summary>
/// What looking at a body needs, kept by each thread for its next request: looking never waits, so no two requests meet in it. Wiped after use, because it
/// held somebody's words.
/// </summary>
internal sealed class ScreenScratch : IDisposable
{
    [ThreadStatic]
    private static ScreenScratch? kept;

    private bool isTaken;

    private ScreenScratch()
    {
    }

    /// <summary>The texts of the body.</summary>
    public BodyTexts Texts { get; } = new();

    /// <summary>Its pictures, sounds and files, where somebody looks at them.</summary>
    public BodyMedia Media { get; } = new();

    /// <summary>What a guardrail finds in one text.</summary>
    public FindingList Found { get; } = new();

    /// <summary>What it finds in all.</summary>
    public FindingList All { get; } = new();

    /// <summary>What is to be masked.</summary>
    public Stretches Stretches { get; } = new();

    /// <summary>What comes in the place of what.</summary>
    public List<Replacement> Replacements { get; } = [];

    /// <summary>Rules that keep the request until somebody lets it pass, with what they found.</summary>
    public List<ScreenVerdict> Quarantines { get; } = [];

    /// <summary>The first rule that sends it to another model; null = none does.</summary>
    public ScreenVerdict? Reroute { get; set; }

    /// <summary>Forgets what was found, so that other rules can look at the same texts.</summary>
    public void Forget()
    {
        Found.Clear();
        All.Clear();
        Stretches.Clear();
        Replacements.Clear();
        Quarantines.Clear();
        Reroute = null;
        Media.Strips = 0;
    }

    /// <summary>The thread's own, or one of its own for whoever is called by its user.</summary>
    public static ScreenScratch Take()
    {
        var mine = kept ??= new ScreenScratch();
        if (mine.isTaken) mine = new ScreenScratch();
        mine.isTaken = true;
        return mine;
    }

    /// <summary>Wipes it for the next request.</summary>
    public void Dispose()
    {
        Texts.Clear();
        Media.Clear();
        Forget();
        isTaken = false;
    }
}
