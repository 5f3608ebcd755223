using System.Net;
using AspireGateway.Portal.Security.Oidc;
using AspireGateway.Portal.SignIns;
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
        var production = environment.IsProduction() || string.Equals(configuration["ASPNETCORE_ENVIRONMENT"], Environments.Production, StringComparison.OrdinalIgnoreCase);
        var signIn = OidcSettings.Read(configuration) is not null;
        if (production)
        {
            if (settings.OneTimeToken is not null)
                faults.Add("Portal__OneTimeToken is for the local host and refused in Production: remove it.");
            if (!settings.ApiOnly && !signIn)
                faults.Add("no sign-in is configured for Production. Set Portal__Oidc__Authority, ClientId and ClientSecret to sign in by an identity provider, "
                    + "or Portal__ApiOnly=true and Portal__AdminToken to serve the REST API alone, without pages.");
        }
        AddressFaults(configuration, settings, production, faults);
        faults.AddRange(OidcSettings.Faults(configuration, settings, production));
        _ = SessionSettings.Read(configuration, faults);
        return faults;
    }
    private static void AddressFaults(IConfiguration configuration, PortalSettings settings, bool production, List<string> faults)
    {
        if (configuration["Portal:PublicUrl"] is { Length: > 0 })
        {
            if (settings.PublicUrl is not { } url || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp) || url.PathAndQuery != "/" || url.Fragment.Length > 0 || url.UserInfo.Length > 0)
                faults.Add("Portal__PublicUrl is the portal's address without a path, e.g. https://portal.example.com.");
            else if (!OidcSettings.IsSafe(url, production)) faults.Add("Portal__PublicUrl must be https: sessions would travel in the clear.");
        }
        if (settings.TrustedProxies.Any(p => !IPAddress.TryParse(p, out _) && !IPNetwork.TryParse(p, out _)))
            faults.Add("Portal__TrustedProxies holds addresses or networks with commas between, e.g. 10.0.0.5, 10.1.0.0/16.");
    }
}
