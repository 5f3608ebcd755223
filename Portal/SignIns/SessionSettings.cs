using System.Globalization;

namespace AspireGateway.Portal.SignIns;

/// <summary>How long sessions last; section <c>Portal:Session</c>.</summary>
public sealed record SessionSettings
{
    /// <summary>Without use; 60 minutes unless set.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>At most, however much it is used; 12 hours unless set.</summary>
    public TimeSpan Absolute { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How often a page that stays open asks whether its session still stands; 15 seconds unless set.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Both ends of a session that the local host's link opened: its link is used up, and a new one needs a new start.</summary>
    public static readonly TimeSpan Local = TimeSpan.FromHours(12);

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="faults">Gets a sentence for each value that does not serve.</param>
    public static SessionSettings Read(IConfiguration configuration, ICollection<string>? faults = null)
    {
        var usual = new SessionSettings();
        return new()
        {
            Idle = Number("IdleMinutes", 1, 1440) is { } idle ? TimeSpan.FromMinutes(idle) : usual.Idle,
            Absolute = Number("AbsoluteMinutes", 1, 43_200) is { } absolute ? TimeSpan.FromMinutes(absolute) : usual.Absolute,
            Recheck = Number("RecheckSeconds", 1, 300) is { } recheck ? TimeSpan.FromSeconds(recheck) : usual.Recheck,
        };

        int? Number(string name, int min, int max)
        {
            var text = configuration[$"Portal:Session:{name}"];
            if (string.IsNullOrWhiteSpace(text)) return null;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
            faults?.Add($"Portal__Session__{name} is a whole number between {min} and {max}.");
            return null;
        }
    }
}
