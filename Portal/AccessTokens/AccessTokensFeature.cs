namespace AspireGateway.Portal.AccessTokens;

/// <summary>Registration of this folder.</summary>
public static class AccessTokensFeature
{
    /// <summary>Adds its queries and commands.</summary>
    public static void AddAccessTokens(this IServiceCollection services)
    {
        services.AddOptions<AccessTokenSettings>().BindConfiguration("Portal:AccessTokens")
            .Validate(s => s.MaxDays is >= 1 and <= 3650 && s.MaxLive is >= 1 and <= 1000, "Portal__AccessTokens__MaxDays is 1 to 3650, Portal__AccessTokens__MaxLive 1 to 1000.").ValidateOnStart();
        services.AddSingleton<AccessTokenLookup>().AddSingleton<ApiAreas>().AddSingleton<AccessTokensQuery>().AddSingleton<CreateAccessToken>().AddSingleton<RevokeAccessToken>();
    }
}
