using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class KeyMarkupTests
{
    [Theory]
    [InlineData(KeyStates.Live, null, null, "Live")]
    [InlineData(KeyStates.Live, 4, null, "Live expires in 4 days")]
    [InlineData(KeyStates.Retiring, null, 1, "Retiring ends in 1 day")]
    [InlineData(KeyStates.Expired, -2, null, "Expired 2 days ago")]
    [InlineData(KeyStates.Revoked, null, -3, "Revoked 3 days ago")]
    public async Task KeyStateText_State_SaysTheMomentThatMatters(string state, int? expires, int? revoked, string text)
    {
        var key = Key(state) with { ExpiresAt = Days(expires), RevokedAt = Days(revoked) };
        var page = await Drawn.Async<KeyStateText>((nameof(KeyStateText.Key), key));
        Assert.Equal(text, string.Join(' ', page.Texts(".state, .cell-sub")));
    }

    [Fact]
    public async Task KeyList_Rows_ShowsNoMoreOfTheSecretThanItsBeginning()
    {
        var page = await Drawn.Async<KeyList>((nameof(KeyList.Rows), new[] { Key(KeyStates.Live) }), (nameof(KeyList.MayChange), true));

        Assert.Equal(["agw-abc123…"], page.Texts("code"));
        Assert.NotNull(page.QuerySelector("[aria-label='Revoke web']"));
        Assert.NotNull(page.QuerySelector("[aria-label='Rotate web']"));
        Assert.NotNull(page.QuerySelector("[aria-label='Edit web']"));
    }

    [Fact]
    public async Task KeyList_RevokedKey_CanNeitherBeChosenNorRevoked()
    {
        var page = await Drawn.Async<KeyList>((nameof(KeyList.Rows), new[] { Key(KeyStates.Revoked) }), (nameof(KeyList.MayChange), true));

        Assert.True(page.QuerySelector("[aria-label='Select web']")!.HasAttribute("disabled"));
        Assert.Null(page.QuerySelector("[aria-label='Revoke web']"));
        Assert.Null(page.QuerySelector("[aria-label='Edit web']"));
    }

    [Theory]
    [InlineData(KeyStates.Live, true, "2 keys selected Extend Give a tier Revoke Clear selection")]
    [InlineData(KeyStates.Live, false, "2 keys selected Extend Revoke Clear selection")]
    [InlineData(KeyStates.Retiring, true, "2 keys selected Give a tier Revoke Clear selection")]
    public async Task KeyList_Selected_OffersWhatCanBeDoneToAllOfThem(string state, bool mayTier, string words)
    {
        KeyRow[] keys = [Key(KeyStates.Live), Key(state) with { Id = Guid.NewGuid() }];
        var page = await Drawn.Async<KeyList>(
            (nameof(KeyList.Rows), keys), (nameof(KeyList.MayChange), true), (nameof(KeyList.MayTier), mayTier), (nameof(KeyList.Selected), (IReadOnlySet<Guid>)keys.Select(k => k.Id).ToHashSet()));
        Assert.Equal(words, string.Join(' ', page.Texts(".bulk > span, .bulk .rz-button-text")));
    }

    [Fact]
    public async Task KeyList_ForWhoMayNotChange_HasNoActions()
    {
        var page = await Drawn.Async<KeyList>((nameof(KeyList.Rows), new[] { Key(KeyStates.Live) }), (nameof(KeyList.MayChange), false));
        Assert.Empty(page.QuerySelectorAll("button, input"));
    }

    [Fact]
    public void Snippets_EveryLanguage_CarriesAddressSecretAndModel()
    {
        foreach (var snippet in Snippets.All("http://gateway:8080", "agw-secret", "fast"))
        {
            Assert.Contains("http://gateway:8080/v1", snippet.Code, StringComparison.Ordinal);
            Assert.Contains("agw-secret", snippet.Code, StringComparison.Ordinal);
            if (snippet.Language != "Environment") Assert.Contains("fast", snippet.Code, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FormFaults_OfTheApi_AreSaidWithTheFormsLabels()
    {
        var faults = new FormFaults();
        faults.Take(
            new Failure.Invalid([new("team_id", "team_id is required."), new("elsewhere", "elsewhere is wrong.")]),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["team_id"] = "Team" });

        Assert.Equal("Team is required.", faults.Of("team_id"));
        Assert.Equal("elsewhere is wrong.", faults.General);
    }

    [Fact]
    public void FormFaults_Conflict_StandsAtItsFieldOrAbove()
    {
        var faults = new FormFaults();
        faults.Take(new Failure.Conflict("Taken.", "name"), new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "Name" });
        Assert.Equal("Taken.", faults.Of("name"));

        faults.Take(new Failure.Conflict("Archived."), new Dictionary<string, string>(StringComparer.Ordinal));
        Assert.Equal("Archived.", faults.General);
        Assert.Null(faults.Of("name"));
    }

    private static DateTimeOffset? Days(int? days) => days is { } d ? Drawn.Now.AddDays(d) : null;

    private static KeyRow Key(string state) => new()
    {
        Id = Guid.Parse("01a1fe0e-e47c-72b5-964e-28eecf691178"), TeamId = Guid.Empty, TeamName = "Commerce", Name = "web", Prefix = "agw-abc123",
        AllowedModels = ["fast", "smart", "local"], CreatedAt = Drawn.Now.AddDays(-1), CreatedBy = "ada@example.org", State = state,
    };
}
