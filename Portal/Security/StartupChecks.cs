using AspireGateway.Shared.Data;

namespace AspireGateway.Portal.Security;

/// <summary>What must hold before the portal opens its door. Fail closed: a doubtful setting stops the start.</summary>
public static class StartupChecks
{
    /// <summary>Every fault, each one line that says what to do; empty = go.</summary>
    public static IReadOnlyList<string> Run(IConfiguration configuration, IHostEnvironment environment)
    {
        var faults = new List<string>();
        var settings = PortalSettings.Read(configuration);

        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString("gatewaydb")))
            faults.Add("no connection string: set ConnectionStrings__gatewaydb.");
        try
        {
            _ = SecretBox.FromSettings(configuration["Gateway:MasterKey"], configuration["Gateway:PreviousMasterKeys"]);
        }
        catch (FormatException e)
        {
            faults.Add(e.Message);
        }
        if (settings.AdminToken is { Length: < PortalSettings.MinTokenLength })
            faults.Add($"Portal__AdminToken is shorter than {PortalSettings.MinTokenLength} characters. Make one with: openssl rand -hex 24");
        if (settings.OneTimeToken is { Length: < PortalSettings.MinTokenLength })
            faults.Add($"Portal__OneTimeToken is shorter than {PortalSettings.MinTokenLength} characters. Make one with: openssl rand -hex 24");
        if (settings.ApiOnly && settings.AdminToken is null)
            faults.Add("Portal__ApiOnly=true without Portal__AdminToken would let nobody in: set the token.");
        // DOTNET_ENVIRONMENT overrides ASPNETCORE_ENVIRONMENT; whichever of them says Production is believed.
        if (environment.IsProduction() || string.Equals(configuration["ASPNETCORE_ENVIRONMENT"], Environments.Production, StringComparison.OrdinalIgnoreCase))
        {
            if (settings.OneTimeToken is not null)
                faults.Add("Portal__OneTimeToken is for the local host and refused in Production: remove it.");
            if (!settings.ApiOnly)
                faults.Add("no sign-in is configured for Production. Set Portal__ApiOnly=true and Portal__AdminToken to serve the REST API alone, without pages.");
        }
        return faults;
    }
}
